// Completion from this graph: its prefixes, classes, properties and entities. No other server is queried.

const TERMS = `
SELECT ?term (SAMPLE(?name) AS ?label)
WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  GRAPH graph:ontology { ?term a ?kind }
  FILTER (isIRI(?term))
  OPTIONAL { ?term rdfs:label ?name FILTER (LANG(?name) = "LANGUAGE") }
}
GROUP BY ?term
ORDER BY ?term`;
const THINGS = 10;

/**
 * Gives Yasqe the completions of one graph in place of its own, which ask other hosts.
 *
 * `endpoint` and `search` are addresses of this server, `language` is that of the labels, and
 * `prefixes` a Map from names to IRIs.
 */
export function completeFrom(Yasqe, { endpoint, search, language, prefixes }) {
  const labels = new Map();
  let asked;

  const short = (iri) => {
    for (const [name, base] of prefixes) {
      const local = iri.startsWith(base) ? iri.slice(base.length) : "";
      if (/^[\w-]+$/.test(local)) return `${name}:${local}`;
    }
    return null;
  };

  async function terms() {
    const query = TERMS.replace("LANGUAGE", language);
    const answer = await json(endpoint, { query, format: "json" });
    return answer.results.bindings.map(({ term, label }) => named(short(term.value), label?.value));
  }

  async function entities(text) {
    const answer = await json(search, { q: text.replaceAll("-", " "), limit: THINGS });
    return answer.data.entities.map(({ id, label }) => named(id, label));
  }

  function named(text, label) {
    if (text && label) labels.set(text, label);
    return text;
  }

  async function starting(text) {
    asked ??= terms().catch(() => []);
    const [prefix, local] = text.split(":");
    const known = [...[...prefixes.keys()].map((name) => `${name}:`), ...(await asked)];
    if (prefix === "id" && local?.length > 1) known.push(...(await entities(local).catch(() => [])));
    // A term that is whole, such as one just picked, asks for no other.
    if (known.includes(text)) return [];
    const low = text.toLowerCase();
    return [...new Set(known)].filter((one) => one?.toLowerCase().startsWith(low));
  }

  Yasqe.registerAutocompleter({
    name: "graph-terms",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition(editor) {
      const token = editor.getCompleteToken();
      if (editor.getPreviousNonWsToken(editor.getCursor().line, token)?.string.toUpperCase() === "PREFIX") {
        return false;
      }
      return /^[a-z][\w-]*:?[\w-]*$/i.test(token.string) && token.string.length > 1
        && !["keyword", "string", "comment"].includes(token.type);
    },
    get: (editor, token) => (token ? starting(token.string) : []),
    postprocessHints: (editor, hints) => hints.map((hint) => {
      const label = labels.get(hint.text);
      return label ? { ...hint, displayText: `${hint.text}  ${label}` } : hint;
    }),
  });
  Yasqe.registerAutocompleter({
    name: "graph-prefixes",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition(editor) {
      const { line } = editor.getCursor();
      const before = editor.getPreviousNonWsToken(line, editor.getCompleteToken());
      return before?.string.toUpperCase() === "PREFIX";
    },
    get: (editor, token) => [...prefixes].map(([name, iri]) => `${name}: <${iri}>`)
      .filter((one) => one.startsWith(token?.string.trim() ?? "")),
  });
  Yasqe.defaults.autocompleters = ["graph-prefixes", "graph-terms", "variables"];
}

async function json(address, parameters) {
  const answer = await fetch(`${address}?${new URLSearchParams(parameters)}`, {
    headers: { Accept: "application/sparql-results+json, application/json" },
  });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}
