"""What the program has to say about its input: values with a position, never exceptions."""

from explainer.diagnostics.diagnostic import Diagnostic, Findings, Severity, Span
from explainer.diagnostics.suggest import did_you_mean, nearest

__all__ = ["Diagnostic", "Findings", "Severity", "Span", "did_you_mean", "nearest"]
