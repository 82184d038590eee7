"""PROV-CONSTRAINTS: assertions come in, a verdict that explains itself, a normal form or an equivalence goes out."""
from provstore.validation.examining import examine
