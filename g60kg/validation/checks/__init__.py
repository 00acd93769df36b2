"""Checks of new facts, one module or package each.

:mod:`g60kg.gate.fact_validation` runs them; :mod:`g60kg.gate.report_output` lists their codes.
"""
