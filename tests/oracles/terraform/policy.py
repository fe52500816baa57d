"""The JSON of aws_iam_policy_document, which other resources refer to."""


def single(values):
    """IAM writes one value bare."""
    values = sorted(values or [])
    return values[0] if len(values) == 1 else values


def principals(blocks):
    """Principal or NotPrincipal."""
    if any(block["type"] == "*" for block in blocks):
        return "*"
    return {block["type"]: single(block["identifiers"]) for block in blocks}


def statement(block):
    """One statement, without what is not set."""
    conditions = {}
    for condition in block.get("condition") or []:
        conditions.setdefault(condition["test"], {})[condition["variable"]] = single(condition["values"])
    out = {
        "Sid": block.get("sid"),
        "Effect": block.get("effect") or "Allow",
        "Action": single(block.get("actions")),
        "NotAction": single(block.get("not_actions")),
        "Resource": single(block.get("resources")),
        "NotResource": single(block.get("not_resources")),
        "Principal": principals(block.get("principals") or []),
        "NotPrincipal": principals(block.get("not_principals") or []),
        "Condition": conditions,
    }
    return {key: value for key, value in out.items() if value}


def document(config):
    """The whole policy."""
    statements = [statement(block) for block in config.get("statement") or []]
    return {"Version": config.get("version") or "2012-10-17", "Statement": statements}
