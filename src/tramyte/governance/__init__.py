"""What must be achieved: directives, tasks, targets, reports."""
