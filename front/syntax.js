// What the editor takes for SPARQL: the graph's prefixes count as declared, as on the server.

/** The name of a CodeMirror mode like Yasqe's own in which `prefixes`, a Map, are declared. */
export function modeWith(Yasqe, prefixes) {
  const name = "sparql-of-the-graph";
  Yasqe.defineMode(name, (config, options) => {
    const mode = Yasqe.modes.sparql11(config, options);
    const startState = () => ({ ...mode.startState(), prefixes: Object.fromEntries(prefixes) });
    return { ...mode, startState };
  });
  return name;
}

/**
 * Marks the first line at which a query stops being SPARQL, and says `message` there.
 *
 * Yasqe's own check lists what the grammar expects, in HTML with inline styles, which the pages'
 * content security policy forbids.
 */
export function markWrongLine(Yasqe, message) {
  Yasqe.prototype.checkSyntax = function checkSyntax() {
    this.clearGutter("gutterErrorBar");
    this.queryValid = true;
    for (let line = 0; line < this.lineCount(); line += 1) {
      const { state } = this.getTokenAt({ line, ch: this.getLine(line).length }, true);
      this.setOption("queryType", state.queryType);
      if (state.OK === false) {
        const mark = document.createElement("span");
        mark.className = "wrong-mark";
        mark.title = message;
        mark.textContent = "!";
        this.setGutterMarker(line, "gutterErrorBar", mark);
        this.queryValid = false;
        return;
      }
    }
  };
}
