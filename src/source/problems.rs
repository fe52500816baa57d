//! What can be wrong with a file before anyone asks what it means.

use super::Span;
use super::format::DEPTH_LIMIT;
use crate::diagnostics::code::{error, warning};
use crate::diagnostics::{Code, Diagnostic, Family};

/// Every code of this stage, in the order of the reference.
pub static CODES: &[&Code] = &[
    &YAML_SYNTAX,
    &TOML_SYNTAX,
    &JSON_SYNTAX,
    &JSONNET_SYNTAX,
    &JSONNET_FAILED,
    &JSONNET_IMPORT,
    &JSONNET_LIMIT,
    &JSONNET_UNAVAILABLE,
    &JSONNET_NOT_EVALUATED,
    &NOT_UTF_8,
    &FILE_TOO_LARGE,
    &CONTROL_CHARACTER,
    &EMPTY_SPEC,
    &SEVERAL_DOCUMENTS,
    &NESTING_TOO_DEEP,
    &DUPLICATE_KEY,
    &KEY_NOT_TEXT,
    &MERGE_KEY,
    &UNKNOWN_ANCHOR,
    &ALIAS_BOMB,
    &FOREIGN_TAG,
    &YAML_1_1_BOOLEAN,
    &YAML_LEADING_ZERO,
    &NUMBER_OUT_OF_RANGE,
    &UNKNOWN_ENVIRONMENT,
    &ENVIRONMENT_NOT_A_MAP,
    &TEMPLATE_NOT_A_MAP,
    &UNKNOWN_TEMPLATE,
    &TEMPLATE_CYCLE,
    &INVALID_LIKE,
    &UNUSED_TEMPLATE,
    &INVALID_INCLUDE,
    &INCLUDE_CONFLICT,
    &INCLUDE_CYCLE,
];

/// The text breaks YAML's grammar.
pub static YAML_SYNTAX: Code =
    error("yaml-syntax", Family::Spec, "the text is not YAML", include_str!("problems/yaml-syntax.md"));
/// The text breaks TOML's grammar.
pub static TOML_SYNTAX: Code =
    error("toml-syntax", Family::Spec, "the text is not TOML", include_str!("problems/toml-syntax.md"));
/// The text breaks JSON's grammar.
pub static JSON_SYNTAX: Code =
    error("json-syntax", Family::Spec, "the text is not JSON", include_str!("problems/json-syntax.md"));
/// The text breaks Jsonnet's grammar, or uses a name that is not there.
pub static JSONNET_SYNTAX: Code =
    error("jsonnet-syntax", Family::Spec, "the text is not Jsonnet", include_str!("problems/jsonnet-syntax.md"));
/// Evaluation ended in an error.
pub static JSONNET_FAILED: Code =
    error("jsonnet-failed", Family::Spec, "evaluating the Jsonnet failed", include_str!("problems/jsonnet-failed.md"));
/// An import could not be had.
pub static JSONNET_IMPORT: Code = error(
    "jsonnet-import",
    Family::Spec,
    "a Jsonnet import cannot be loaded",
    include_str!("problems/jsonnet-import.md"),
);
/// Evaluation took too much time, memory or depth.
pub static JSONNET_LIMIT: Code = error(
    "jsonnet-limit",
    Family::Spec,
    "evaluating the Jsonnet takes too much time, memory or depth",
    include_str!("problems/jsonnet-limit.md"),
);
/// Built without Jsonnet.
pub static JSONNET_UNAVAILABLE: Code = error(
    "jsonnet-unavailable",
    Family::Spec,
    "this build cannot evaluate Jsonnet",
    include_str!("problems/jsonnet-unavailable.md"),
);
/// Jsonnet where data is needed.
pub static JSONNET_NOT_EVALUATED: Code = error(
    "jsonnet-not-evaluated",
    Family::Spec,
    "Jsonnet stands where only data can be read",
    include_str!("problems/jsonnet-not-evaluated.md"),
);
/// The bytes are not UTF-8.
pub static NOT_UTF_8: Code =
    error("not-utf-8", Family::Spec, "the file is not UTF-8 text", include_str!("problems/not-utf-8.md"));
/// The file is above the size limit.
pub static FILE_TOO_LARGE: Code = error(
    "file-too-large",
    Family::Spec,
    "the file is too large to be a spec",
    include_str!("problems/file-too-large.md"),
);
/// A control character in the text.
pub static CONTROL_CHARACTER: Code = error(
    "control-character",
    Family::Spec,
    "a control character stands in the text",
    include_str!("problems/control-character.md"),
);
/// Nothing is written in the file.
pub static EMPTY_SPEC: Code =
    error("empty-spec", Family::Spec, "the spec is empty", include_str!("problems/empty-spec.md"));
/// Two YAML documents in one file.
pub static SEVERAL_DOCUMENTS: Code = error(
    "several-documents",
    Family::Spec,
    "one file holds several YAML documents",
    include_str!("problems/several-documents.md"),
);
/// Maps and lists too deep in one another.
pub static NESTING_TOO_DEEP: Code = error(
    "nesting-too-deep",
    Family::Spec,
    "maps and lists lie too deep in one another",
    include_str!("problems/nesting-too-deep.md"),
);
/// A key given twice in one map.
pub static DUPLICATE_KEY: Code =
    error("duplicate-key", Family::Spec, "a key is given twice", include_str!("problems/duplicate-key.md"));
/// A key that is no text.
pub static KEY_NOT_TEXT: Code =
    error("key-not-text", Family::Spec, "a key is not plain text", include_str!("problems/key-not-text.md"));
/// A merge of something that is no map.
pub static MERGE_KEY: Code =
    error("merge-key", Family::Spec, "`<<` merges something that is not a map", include_str!("problems/merge-key.md"));
/// An alias without its anchor.
pub static UNKNOWN_ANCHOR: Code = error(
    "unknown-anchor",
    Family::Spec,
    "an alias refers to no finished anchor",
    include_str!("problems/unknown-anchor.md"),
);
/// Aliases that expand beyond the budget.
pub static ALIAS_BOMB: Code =
    error("alias-bomb", Family::Spec, "aliases expand to too much", include_str!("problems/alias-bomb.md"));
/// A tag outside the core schema.
pub static FOREIGN_TAG: Code =
    error("foreign-tag", Family::Spec, "a YAML tag means nothing here", include_str!("problems/foreign-tag.md"));
/// A word that YAML 1.1 takes for a boolean.
pub static YAML_1_1_BOOLEAN: Code = warning(
    "yaml-1-1-boolean",
    Family::Spec,
    "an unquoted word is text here and a boolean in YAML 1.1",
    include_str!("problems/yaml-1-1-boolean.md"),
);
/// Digits behind a zero.
pub static YAML_LEADING_ZERO: Code = warning(
    "yaml-leading-zero",
    Family::Spec,
    "an unquoted number begins with a zero",
    include_str!("problems/yaml-leading-zero.md"),
);
/// A number that would have to be rounded.
pub static NUMBER_OUT_OF_RANGE: Code = error(
    "number-out-of-range",
    Family::Spec,
    "a number has more digits than can be kept",
    include_str!("problems/number-out-of-range.md"),
);
/// A chosen environment that is not there.
pub static UNKNOWN_ENVIRONMENT: Code = error(
    "unknown-environment",
    Family::Spec,
    "the chosen environment is not in the spec",
    include_str!("problems/unknown-environment.md"),
);
/// An environment that is no map.
pub static ENVIRONMENT_NOT_A_MAP: Code = error(
    "environment-not-a-map",
    Family::Spec,
    "an environment is not a map of changes",
    include_str!("problems/environment-not-a-map.md"),
);
/// A template that is no map.
pub static TEMPLATE_NOT_A_MAP: Code = error(
    "template-not-a-map",
    Family::Spec,
    "a template is not a map of a service's keys",
    include_str!("problems/template-not-a-map.md"),
);
/// A template that is not there.
pub static UNKNOWN_TEMPLATE: Code = error(
    "unknown-template",
    Family::Spec,
    "a service is like a template that is not declared",
    include_str!("problems/unknown-template.md"),
);
/// A template that is like itself.
pub static TEMPLATE_CYCLE: Code =
    error("template-cycle", Family::Spec, "a template is like itself", include_str!("problems/template-cycle.md"));
/// Something that is no name of a template.
pub static INVALID_LIKE: Code = error(
    "invalid-like",
    Family::Spec,
    "`like` holds something other than names of templates",
    include_str!("problems/invalid-like.md"),
);
/// A template that nobody uses.
pub static UNUSED_TEMPLATE: Code = warning(
    "unused-template",
    Family::Spec,
    "no service is like a template",
    include_str!("problems/unused-template.md"),
);
/// Something that is no path of a part of a spec.
pub static INVALID_INCLUDE: Code = error(
    "invalid-include",
    Family::Spec,
    "`include` holds something other than files with parts of a spec",
    include_str!("problems/invalid-include.md"),
);
/// Two files that do not agree.
pub static INCLUDE_CONFLICT: Code = error(
    "include-conflict",
    Family::Spec,
    "two files of a spec say one thing differently",
    include_str!("problems/include-conflict.md"),
);
/// A file that includes itself.
pub static INCLUDE_CYCLE: Code =
    error("include-cycle", Family::Spec, "a file includes itself", include_str!("problems/include-cycle.md"));

/// A key given again at `second`.
pub(crate) fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_KEY, second, format!("the key `{key}` is given twice"))
        .label("given again here")
        .also(first, "given first here")
        .note("the first one counts here; other tools take the last, or refuse the file")
        .help("keep one of them, or rename one")
}

/// Maps and lists nested beyond the limit.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&NESTING_TOO_DEEP, span, format!("more than {DEPTH_LIMIT} maps and lists lie in one another"))
        .label("too deep")
        .note("nothing in the file was compiled; no spec needs more than ten")
        .help("check for brackets that are never closed, and for indentation that grows with every line")
}

/// A number that does not fit without rounding.
pub(crate) fn out_of_range(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&NUMBER_OUT_OF_RANGE, span, format!("`{written}` does not fit into 28 digits"))
        .label("too large, or too fine")
        .note("numbers are kept exactly; this one would have to be rounded")
        .help("round it yourself, or quote it if it is text")
}

/// Something in the place of a key that is not text.
pub(crate) fn no_text_key(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&KEY_NOT_TEXT, span, message)
        .label("in the place of a key")
        .note("its value was passed over")
        .help("quote a value that begins with `{`, `[`, `*` or `?`, such as \"{{ $value }}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_a_page() {
        let mut names: Vec<&str> = CODES.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
        for code in CODES {
            assert!(code.page.len() > 150, "{}", code.name);
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
    }

    /// The page is part of the program, so a good spec on it has to read without a word, and a bad
    /// one has to be caught by its own code.
    #[test]
    fn the_examples_on_the_pages_behave_as_they_say() {
        use crate::diagnostics::Diagnostics;
        use crate::source::{Format, Sources, format, overlay};
        for code in CODES {
            for part in code.page.split("```yaml ").skip(1) {
                let (kind, rest) = part.split_once('\n').expect("a fence");
                let text = rest.split("```").next().expect("an end");
                let mut sources = Sources::new();
                let file = sources.add("page.yaml", text);
                let mut diagnostics = Diagnostics::new();
                let node = format::read(&sources, file, Format::Yaml, &mut diagnostics);
                overlay::environment(node, None, &mut sources, &mut diagnostics);
                let found = diagnostics.iter().any(|problem| problem.code.name == code.name);
                assert_eq!(found, kind == "bad", "{} ({kind}):\n{text}", code.name);
                assert!(kind == "bad" || diagnostics.is_empty(), "{}", code.name);
            }
        }
    }
}
