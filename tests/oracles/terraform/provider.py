"""A stand-in for a provider: its schema and some of its checks, no cloud behind it.

    provider.py aws-schema.json /path/to/socket

prints "ready" when Terraform can be pointed at the socket with TF_REATTACH_PROVIDERS.
What the schema says (names, types, nesting) is checked by Terraform itself; what the real provider
checks in code is repeated in `checks.py` as far as the generated files need it.
"""

import json
import sys
from concurrent import futures

import grpc
import msgpack

import checks
import policy
import protocol

MESSAGE = protocol.build()
UNKNOWN = msgpack.ExtType(0, b"\x00")
ACCOUNT = "123456789012"

AWS_BLOCK = {
    "attributes": {
        name: {"type": kind, "optional": True}
        for name, kind in {
            "region": "string",
            "profile": "string",
            "allowed_account_ids": ["set", "string"],
            "skip_credentials_validation": "bool",
            "skip_requesting_account_id": "bool",
            "skip_metadata_api_check": "string",
        }.items()
    },
    "block_types": {
        "default_tags": {
            "nesting_mode": "list",
            "max_items": 1,
            "block": {"attributes": {"tags": {"type": ["map", "string"], "optional": True}}},
        }
    },
}

STRING = {"type": "string", "optional": True}
PROVIDER_BLOCKS = {
    "hashicorp/aws": AWS_BLOCK,
    "hashicorp/google": {"attributes": {"project": STRING, "region": STRING}},
    "hashicorp/azurerm": {
        "attributes": {"subscription_id": STRING},
        "block_types": {"features": {"nesting_mode": "list", "min_items": 1, "max_items": 1, "block": {}}},
    },
}


def schema_block(block):
    """The schema of a block as a message."""
    message = MESSAGE["Block"]()
    for name, attribute in sorted(block.get("attributes", {}).items()):
        message.attributes.add(
            name=name,
            type=json.dumps(attribute["type"]).encode(),
            required=attribute.get("required", False),
            optional=attribute.get("optional", False),
            computed=attribute.get("computed", False),
        )
    for name, nested in sorted(block.get("block_types", {}).items()):
        message.block_types.add(
            type_name=name,
            block=schema_block(nested["block"]),
            nesting=protocol.NESTING[nested["nesting_mode"]],
            min_items=nested.get("min_items", 0),
            max_items=nested.get("max_items", 0),
        )
    return message


def decode(value):
    """A dynamic value as Python data; what is not known yet is an `ExtType`."""
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, raw=False, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def encode(value):
    """Python data as a dynamic value."""
    return MESSAGE["DynamicValue"](msgpack=msgpack.packb(value, use_bin_type=True))


def diagnostics(problems):
    """(attribute, text) pairs as errors."""
    out = []
    for attribute, text in problems:
        error = MESSAGE["Diagnostic"](severity=1, summary=text)
        if attribute:
            error.attribute.steps.add(attribute_name=attribute)
        out.append(error)
    return out


def computed_value(type_name, name, attribute, config):
    """A believable value for what only the cloud would know."""
    kind = attribute["type"]
    if kind == "string":
        label = config.get("name") or config.get("alarm_name") or config.get("bucket") or "stub"
        service = {"aws_sns_topic": "sns", "aws_kms_key": "kms"}.get(type_name, type_name.split("_")[1])
        if name == "arn" or name.endswith("_arn") or (name == "id" and type_name == "aws_sns_topic"):
            return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{label}"
        return {"account_id": ACCOUNT, "region": "us-east-1", "partition": "aws", "dns_suffix": "amazonaws.com"}.get(
            name, f"stub-{name}"
        )
    if kind in ("bool", "number"):
        return {"bool": False, "number": 0}[kind]
    return {} if kind[0] == "map" else []


class Provider:
    """One method for each call of the protocol."""

    def __init__(self, schema):
        self.block = PROVIDER_BLOCKS[schema["provider"]]
        self.resources = schema["resources"]
        self.data_sources = schema["data_sources"]

    def GetMetadata(self, _request):
        response = MESSAGE["MetadataResponse"]()
        for name in self.resources:
            response.resources.add(type_name=name)
        for name in self.data_sources:
            response.data_sources.add(type_name=name)
        return response

    def GetProviderSchema(self, _request):
        schema = MESSAGE["Schema"]
        response = MESSAGE["SchemaResponse"](provider=schema(block=schema_block(self.block)))
        for name, block in self.resources.items():
            response.resource_schemas.add(key=name, value=schema(block=schema_block(block)))
        for name, block in self.data_sources.items():
            response.data_source_schemas.add(key=name, value=schema(block=schema_block(block)))
        return response

    def ValidateProviderConfig(self, _request):
        return MESSAGE["ProviderDiagnostics"]()

    def ConfigureProvider(self, _request):
        return MESSAGE["Diagnostics"]()

    def ValidateResourceConfig(self, request):
        problems = checks.resource(request.type_name, self.resources[request.type_name], decode(request.config))
        return MESSAGE["Diagnostics"](diagnostics=diagnostics(problems))

    def ValidateDataResourceConfig(self, request):
        problems = checks.computed_only(self.data_sources[request.type_name], decode(request.config))
        return MESSAGE["Diagnostics"](diagnostics=diagnostics(problems))

    def UpgradeResourceState(self, request):
        return MESSAGE["StateResponse"](state=encode(json.loads(request.raw_state.json)))

    def ReadResource(self, request):
        return MESSAGE["StateResponse"](state=request.current_state)

    def PlanResourceChange(self, request):
        planned = decode(request.proposed_new_state)
        if planned is not None:
            for name, attribute in self.resources[request.type_name]["attributes"].items():
                if attribute.get("computed") and planned.get(name) is None:
                    planned[name] = UNKNOWN
        return MESSAGE["StateResponse"](state=encode(planned))

    def ApplyResourceChange(self, request):
        state = decode(request.planned_state)
        if state is None:
            return MESSAGE["StateResponse"](state=encode(None))
        attributes = self.resources[request.type_name]["attributes"]
        for name, value in state.items():
            if isinstance(value, msgpack.ExtType):
                state[name] = computed_value(request.type_name, name, attributes[name], state)
        problems = checks.resource(request.type_name, {"attributes": {}}, state)
        return MESSAGE["StateResponse"](state=encode(state), diagnostics=diagnostics(problems))

    def ReadDataSource(self, request):
        state = decode(request.config)
        for name, attribute in self.data_sources[request.type_name]["attributes"].items():
            if attribute.get("computed") and state.get(name) is None:
                state[name] = computed_value(request.type_name, name, attribute, state)
        if request.type_name == "aws_iam_policy_document":
            state["json"] = state["minified_json"] = json.dumps(policy.document(state))
        return MESSAGE["StateResponse"](state=encode(state))

    def StopProvider(self, _request):
        return MESSAGE["Empty"]()


def main(schema_path, socket):
    """Serves until Terraform's caller ends the process."""
    with open(schema_path, encoding="utf-8") as file:
        provider = Provider(json.load(file))
    handlers = {}
    for method, (request, response) in protocol.METHODS.items():
        handlers[method] = grpc.unary_unary_rpc_method_handler(
            lambda message, _context, call=getattr(provider, method): call(message),
            request_deserializer=MESSAGE[request].FromString,
            response_serializer=MESSAGE[response].SerializeToString,
        )
    size = [("grpc.max_send_message_length", 1 << 28), ("grpc.max_receive_message_length", 1 << 28)]
    server = grpc.server(futures.ThreadPoolExecutor(4), options=size)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(f"{protocol.PACKAGE}.Provider", handlers),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    print("ready", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
