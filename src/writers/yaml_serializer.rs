//! From any value that serde can walk to YAML, in one pass.
//!
//! Whether a mapping or sequence is empty is only known at its end, so nothing is written at its start: the first
//! entry opens the block, and an end without entries writes `{}` or `[]`.

use std::fmt::Display;

use serde::ser::{self, Serialize};
use serde_json::Number;

use super::yaml_scalar::{self, Place};

/// How much deeper a child stands than its parent.
const STEP: usize = 2;

/// Why a value cannot be written.
#[derive(Debug)]
pub(super) struct Fault(String);

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Where the cursor stands when a value is to be written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spot {
    /// At the start of the document.
    Root,
    /// Behind the `:` of a key that stands at this column.
    Key(usize),
    /// Behind the `-` of an item that stands at this column.
    Item(usize),
    /// At this column, where a key is to be written.
    InKey(usize),
}

/// Text that grows, and a buffer for what is printed before it is quoted.
pub(super) struct Writer<'t> {
    text: &'t mut String,
    scratch: String,
}

impl<'t> Writer<'t> {
    pub(super) fn new(text: &'t mut String) -> Self {
        Self { text, scratch: String::new() }
    }

    pub(super) fn at<'w>(&'w mut self, spot: Spot) -> Serializer<'w, 't> {
        Serializer { writer: self, spot }
    }

    /// Moves to the first entry of a block, and gives the column of its entries.
    fn open(&mut self, spot: Spot) -> usize {
        match spot {
            Spot::Root => 0,
            Spot::InKey(column) => column,
            Spot::Key(column) => {
                self.text.push('\n');
                yaml_scalar::indent(self.text, column + STEP);
                column + STEP
            }
            Spot::Item(column) => {
                self.text.push(' ');
                column + STEP
            }
        }
    }

    /// A string: a key, or a value with the newline behind it.
    fn string(&mut self, spot: Spot, text: &str) {
        match spot {
            Spot::InKey(column) => self.key(text, column),
            _ => self.value(spot, |out, place| yaml_scalar::string(out, text, place)),
        }
    }

    /// A scalar in place of a value, with the newline behind it.
    fn value(&mut self, spot: Spot, write: impl FnOnce(&mut String, Place)) {
        let place = match spot {
            Spot::Root | Spot::InKey(_) => Place::Root,
            Spot::Key(column) | Spot::Item(column) => {
                self.text.push(' ');
                Place::Child { column: column + STEP }
            }
        };
        write(self.text, place);
        if !self.text.ends_with('\n') || place == Place::Root {
            self.text.push('\n');
        }
    }

    fn key(&mut self, key: &str, column: usize) {
        let start = self.text.len();
        yaml_scalar::string(self.text, key, Place::Key);
        // A reader looks for the `:` of a simple key within 1024 characters (YAML 1.2, 7.4.2).
        let long = self.text.len() - start > 1000
            && self.text.get(start..).is_some_and(|written| written.chars().count() > 1000);
        if long {
            self.text.insert_str(start, "? ");
            self.text.push('\n');
            yaml_scalar::indent(self.text, column);
        }
        self.text.push(':');
    }
}

/// Writes one value.
pub(super) struct Serializer<'w, 't> {
    writer: &'w mut Writer<'t>,
    spot: Spot,
}

impl Serializer<'_, '_> {
    fn plain(self, text: &str) -> Result<(), Fault> {
        match self.spot {
            // A key is a string, whatever it looks like.
            Spot::InKey(_) => self.writer.string(self.spot, text),
            _ => self.writer.value(self.spot, |out, _| out.push_str(text)),
        }
        Ok(())
    }

    fn number(self, number: impl Into<Number>) -> Result<(), Fault> {
        self.plain(&yaml_scalar::number(&number.into()))
    }
}

impl<'w, 't> Serializer<'w, 't> {
    fn block(self, empty: &'static str) -> Result<Block<'w, 't>, Fault> {
        self.no_key()?;
        Ok(Block { writer: self.writer, spot: self.spot, column: None, empty })
    }

    fn no_key(&self) -> Result<(), Fault> {
        match self.spot {
            Spot::InKey(_) => Err(ser::Error::custom("a key must be a scalar")),
            _ => Ok(()),
        }
    }

    /// `Variant:` and the place of what it holds.
    fn variant(self, variant: &'static str) -> Result<Serializer<'w, 't>, Fault> {
        self.no_key()?;
        let column = self.writer.open(self.spot);
        self.writer.key(variant, column);
        Ok(self.writer.at(Spot::Key(column)))
    }
}

impl<'w, 't> ser::Serializer for Serializer<'w, 't> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = Block<'w, 't>;
    type SerializeTuple = Block<'w, 't>;
    type SerializeTupleStruct = Block<'w, 't>;
    type SerializeTupleVariant = Block<'w, 't>;
    type SerializeMap = Block<'w, 't>;
    type SerializeStruct = Block<'w, 't>;
    type SerializeStructVariant = Block<'w, 't>;

    fn serialize_bool(self, value: bool) -> Result<(), Fault> {
        self.plain(if value { "true" } else { "false" })
    }
    fn serialize_i8(self, value: i8) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_i16(self, value: i16) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_i32(self, value: i32) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_i64(self, value: i64) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_u8(self, value: u8) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_u16(self, value: u16) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_u32(self, value: u32) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_u64(self, value: u64) -> Result<(), Fault> {
        self.number(value)
    }
    fn serialize_f32(self, value: f32) -> Result<(), Fault> {
        self.serialize_f64(f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Result<(), Fault> {
        match Number::from_f64(value) {
            Some(number) => self.number(number),
            None => self.serialize_unit(),
        }
    }
    fn serialize_char(self, value: char) -> Result<(), Fault> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Result<(), Fault> {
        self.writer.string(self.spot, value);
        Ok(())
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Fault> {
        use std::fmt::Write as _;
        let mut printed = std::mem::take(&mut self.writer.scratch);
        printed.clear();
        let written = write!(printed, "{value}").map_err(ser::Error::custom);
        self.writer.string(self.spot, &printed);
        self.writer.scratch = printed;
        written
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Fault> {
        self.collect_seq(value)
    }
    fn serialize_none(self) -> Result<(), Fault> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Fault> {
        self.no_key()?;
        self.plain("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Fault> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        value.serialize(self.variant(variant)?)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Block<'w, 't>, Fault> {
        self.block("[]")
    }
    fn serialize_tuple(self, _: usize) -> Result<Block<'w, 't>, Fault> {
        self.block("[]")
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Block<'w, 't>, Fault> {
        self.block("[]")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'w, 't>, Fault> {
        self.variant(variant)?.block("[]")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Block<'w, 't>, Fault> {
        self.block("{}")
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Block<'w, 't>, Fault> {
        self.block("{}")
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'w, 't>, Fault> {
        self.variant(variant)?.block("{}")
    }
}

/// A mapping or a sequence that is being written.
pub(super) struct Block<'w, 't> {
    writer: &'w mut Writer<'t>,
    spot: Spot,
    /// Where its entries stand, once it has one.
    column: Option<usize>,
    empty: &'static str,
}

impl<'t> Block<'_, 't> {
    /// Moves to the next entry, and gives its column.
    fn next(&mut self) -> usize {
        match self.column {
            Some(column) => {
                yaml_scalar::indent(self.writer.text, column);
                column
            }
            None => *self.column.insert(self.writer.open(self.spot)),
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let column = self.next();
        self.writer.text.push('-');
        value.serialize(self.writer.at(Spot::Item(column)))
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Fault> {
        let column = self.next();
        self.writer.key(key, column);
        value.serialize(self.writer.at(Spot::Key(column)))
    }

    fn close(self) -> Result<(), Fault> {
        if self.column.is_none() {
            self.writer.at(self.spot).plain(self.empty)?;
        }
        Ok(())
    }
}

/// `serde` has a trait for each kind of sequence; all are written alike.
macro_rules! sequences {
    ($( $kind:ident :: $next:ident ),* $(,)?) => {$(
        impl ser::$kind for Block<'_, '_> {
            type Ok = ();
            type Error = Fault;
            fn $next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.item(value)
            }
            fn end(self) -> Result<(), Fault> {
                self.close()
            }
        }
    )*};
}

sequences! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

/// And one for each kind of mapping whose keys are known beforehand.
macro_rules! records {
    ($( $kind:ident ),*) => {$(
        impl ser::$kind for Block<'_, '_> {
            type Ok = ();
            type Error = Fault;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Fault> {
                self.entry(key, value)
            }
            fn end(self) -> Result<(), Fault> {
                self.close()
            }
        }
    )*};
}

records! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Block<'_, '_> {
    type Ok = ();
    type Error = Fault;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let column = self.next();
        key.serialize(self.writer.at(Spot::InKey(column)))
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(self.writer.at(Spot::Key(self.column.unwrap_or(0))))
    }
    fn end(self) -> Result<(), Fault> {
        self.close()
    }
}
