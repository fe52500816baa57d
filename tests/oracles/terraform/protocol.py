"""The messages of Terraform's plugin protocol 6 that a provider stub needs, built at start-up.

Field numbers are facts of the protocol (tfplugin6.proto of Terraform). Only what the stub reads or
writes is declared: fields that are not are kept or ignored by protobuf itself. A map field travels
as repeated entries of (1: key, 2: value), and is declared as such.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "tfplugin6"

# message -> {field: (number, type)}; a type in brackets is repeated, a capital letter is a message.
MESSAGES = {
    "DynamicValue": {"msgpack": (1, "bytes"), "json": (2, "bytes")},
    "Step": {"attribute_name": (1, "string")},
    "AttributePath": {"steps": (1, "[Step]")},
    "Diagnostic": {
        "severity": (1, "int64"),
        "summary": (2, "string"),
        "detail": (3, "string"),
        "attribute": (4, "AttributePath"),
    },
    "RawState": {"json": (1, "bytes")},
    "Attribute": {
        "name": (1, "string"),
        "type": (2, "bytes"),
        "required": (4, "bool"),
        "optional": (5, "bool"),
        "computed": (6, "bool"),
    },
    "NestedBlock": {
        "type_name": (1, "string"),
        "block": (2, "Block"),
        "nesting": (3, "int64"),
        "min_items": (4, "int64"),
        "max_items": (5, "int64"),
    },
    "Block": {"attributes": (2, "[Attribute]"), "block_types": (3, "[NestedBlock]")},
    "Schema": {"version": (1, "int64"), "block": (2, "Block")},
    "SchemaEntry": {"key": (1, "string"), "value": (2, "Schema")},
    "TypeName": {"type_name": (1, "string")},
    "Empty": {},
    "MetadataResponse": {"data_sources": (3, "[TypeName]"), "resources": (4, "[TypeName]")},
    "SchemaResponse": {
        "provider": (1, "Schema"),
        "resource_schemas": (2, "[SchemaEntry]"),
        "data_source_schemas": (3, "[SchemaEntry]"),
    },
    "ConfigRequest": {"config": (1, "DynamicValue")},
    "ProviderDiagnostics": {"diagnostics": (2, "[Diagnostic]")},
    "TypedConfigRequest": {"type_name": (1, "string"), "config": (2, "DynamicValue")},
    "Diagnostics": {"diagnostics": (1, "[Diagnostic]")},
    "UpgradeRequest": {"type_name": (1, "string"), "raw_state": (3, "RawState")},
    "StateResponse": {"state": (1, "DynamicValue"), "diagnostics": (2, "[Diagnostic]")},
    "ReadRequest": {"type_name": (1, "string"), "current_state": (2, "DynamicValue")},
    "PlanRequest": {
        "type_name": (1, "string"),
        "prior_state": (2, "DynamicValue"),
        "proposed_new_state": (3, "DynamicValue"),
        "config": (4, "DynamicValue"),
    },
    "ApplyRequest": {
        "type_name": (1, "string"),
        "prior_state": (2, "DynamicValue"),
        "planned_state": (3, "DynamicValue"),
        "config": (4, "DynamicValue"),
    },
}

# method of the service -> (request, response)
METHODS = {
    "GetMetadata": ("Empty", "MetadataResponse"),
    "GetProviderSchema": ("Empty", "SchemaResponse"),
    "ValidateProviderConfig": ("ConfigRequest", "ProviderDiagnostics"),
    "ConfigureProvider": ("TypedConfigRequest", "Diagnostics"),
    "ValidateResourceConfig": ("TypedConfigRequest", "Diagnostics"),
    "ValidateDataResourceConfig": ("TypedConfigRequest", "Diagnostics"),
    "UpgradeResourceState": ("UpgradeRequest", "StateResponse"),
    "ReadResource": ("ReadRequest", "StateResponse"),
    "PlanResourceChange": ("PlanRequest", "StateResponse"),
    "ApplyResourceChange": ("ApplyRequest", "StateResponse"),
    "ReadDataSource": ("TypedConfigRequest", "StateResponse"),
    "StopProvider": ("Empty", "Empty"),
}

NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}


def build():
    """The message classes by name."""
    field = descriptor_pb2.FieldDescriptorProto
    scalars = {
        "bytes": field.TYPE_BYTES,
        "string": field.TYPE_STRING,
        "int64": field.TYPE_INT64,
        "bool": field.TYPE_BOOL,
    }
    file = descriptor_pb2.FileDescriptorProto(name="provider.proto", package=PACKAGE, syntax="proto3")
    for message_name, fields in MESSAGES.items():
        message = file.message_type.add(name=message_name)
        for name, (number, kind) in fields.items():
            repeated = kind.startswith("[")
            kind = kind.strip("[]")
            entry = message.field.add(
                name=name, number=number, label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
            )
            if kind in scalars:
                entry.type = scalars[kind]
            else:
                entry.type = field.TYPE_MESSAGE
                entry.type_name = f".{PACKAGE}.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in MESSAGES
    }
