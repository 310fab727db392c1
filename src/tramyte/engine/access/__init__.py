"""Who may do what, where: users, roles, scopes by place, sign-in."""
