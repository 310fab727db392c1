"""The personal health record of Quyết định 831/QĐ-BYT: what a person was born with, risks, suffers from, and whose family does."""
