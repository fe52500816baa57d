//! Declaring the language: one declaration gives the struct, its reader, its schema and its docs.

/// `record! { pub struct X "an x" { key: Type, ... } }` writes the struct with a `span`, derives its JSON
/// Schema from the doc comments, and reads it from a map whose keys are the field names. A field of
/// type `Option<T>` may be absent. A raw name (`r#for`) is the key without its prefix.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident $record:literal {
        $( $(#[$field_meta:meta])* $field:ident : $type:ty ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            /// Where it was written.
            #[schemars(skip)]
            pub span: $crate::source::Place,
            $( $(#[$field_meta])* pub $field: $type ),*
        }

        impl $crate::decode::Decode for $name {
            fn decode(node: &$crate::source::Node, decoder: &mut $crate::decode::Decoder) -> Option<Self> {
                let mut table = $crate::decode::Table::open(node, $record, decoder)?;
                $( let $field = table.field::<$type>(stringify!($field).trim_start_matches("r#"), decoder); )*
                table.finish(decoder);
                Some(Self { span: node.span.into(), $( $field: $field? ),* })
            }
        }
    };
}

/// `choice! { pub enum X "an x" { key(Type), ... } }`: a map with exactly one key, which says what it is.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident $choice:literal {
        $( $(#[$variant_meta:meta])* $key:literal => $variant:ident($type:ty) ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
        pub enum $name {
            $( $(#[$variant_meta])* #[schemars(rename = $key)] $variant($type) ),*
        }

        impl $crate::decode::Decode for $name {
            fn decode(node: &$crate::source::Node, decoder: &mut $crate::decode::Decoder) -> Option<Self> {
                let entry = $crate::decode::Table::single(node, $choice, &[$($key),*], decoder)?;
                match entry.key.text.as_str() {
                    $( $key => <$type as $crate::decode::Decode>::decode(&entry.value, decoder).map(Self::$variant), )*
                    _ => None,
                }
            }
        }
    };
}

/// `words! { pub enum X "a word" { "key" => Variant, ... } }`: one of a few words.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident $what:literal {
        $( $(#[$variant_meta:meta])* $word:literal => $variant:ident ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, schemars::JsonSchema)]
        pub enum $name {
            $( $(#[$variant_meta])* #[schemars(rename = $word)] $variant ),*
        }

        impl $name {
            /// The word as a spec writes it.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode(node: &$crate::source::Node, decoder: &mut $crate::decode::Decoder) -> Option<Self> {
                match $crate::decode::Table::word(node, $what, &[$($word),*], decoder)? {
                    $( $word => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {choice, record, words};
