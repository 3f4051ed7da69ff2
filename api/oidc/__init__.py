"""OpenID Connect: signing in with the organisation's own provider, and the tokens it gives."""
