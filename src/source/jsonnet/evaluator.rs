//! The Jsonnet evaluator behind [`super::evaluate`].

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;

use jrsonnet_evaluator::error::{Error, ErrorKind, Result};
use jrsonnet_evaluator::manifest::JsonFormat;
use jrsonnet_evaluator::stack::limit_stack_depth;
use jrsonnet_evaluator::trace::PathResolver;
use jrsonnet_evaluator::{AsPathLike, ImportResolver, ResolvePath, SourcePath, Span, State};
use jrsonnet_gcmodule::Acyclic;
use jrsonnet_ir::SourceFile;
use jrsonnet_lexer::{Lexer, SyntaxKind};

use super::{Evaluation, Frame, Imports, Kind, Place, Problem, STACK_LIMIT};

/// How deep brackets and prefix operators may nest: the parser recurses without a limit of its own.
const SYNTAX_DEPTH: usize = 100;

pub(super) fn evaluate(name: &str, text: &str, imports: Box<dyn Imports>) -> Evaluation {
    if let Some(problem) = too_deep(name, text) {
        return Evaluation::Problems(vec![problem]);
    }
    let mut builder = State::builder();
    let main = SourcePath::new(SourceFile::new(name.into()));
    let loaded = BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())]);
    builder.import_resolver(Resolver { imports, loaded: RefCell::new(loaded), failed: RefCell::new(None) });
    builder.context_initializer(jrsonnet_stdlib::ContextInitializer::new(PathResolver::Absolute));
    let state = builder.build();
    let _entered = state.try_enter();
    let _limit = limit_stack_depth(STACK_LIMIT);
    let evaluated = state.import_resolved(main).and_then(|value| value.manifest(JsonFormat::cli(2, true)));
    match evaluated {
        Ok(json) => Evaluation::Json(json),
        Err(error) => {
            let resolver: &dyn Any = state.import_resolver();
            let failed = resolver.downcast_ref::<Resolver>().and_then(|resolver| resolver.failed_place(name));
            Evaluation::Problems(explain(name, &error, failed))
        }
    }
}

/// Counts nesting over the tokens, so that no text can exhaust the parser's stack.
fn too_deep(name: &str, text: &str) -> Option<Problem> {
    let mut depth = 0_usize;
    let mut prefixes = 0_usize;
    for token in Lexer::new(text) {
        match token.kind {
            SyntaxKind::L_BRACE | SyntaxKind::L_BRACK | SyntaxKind::L_PAREN => depth += 1,
            SyntaxKind::R_BRACE | SyntaxKind::R_BRACK | SyntaxKind::R_PAREN => depth = depth.saturating_sub(1),
            _ => {}
        }
        prefixes = match token.kind {
            SyntaxKind::WHITESPACE
            | SyntaxKind::SINGLE_LINE_SLASH_COMMENT
            | SyntaxKind::SINGLE_LINE_HASH_COMMENT
            | SyntaxKind::MULTI_LINE_COMMENT => prefixes,
            SyntaxKind::MINUS | SyntaxKind::PLUS | SyntaxKind::NOT | SyntaxKind::BIT_NOT => prefixes + 1,
            _ => 0,
        };
        if depth > SYNTAX_DEPTH || prefixes > SYNTAX_DEPTH {
            let (start, end) = (token.range.0 as usize, token.range.1 as usize);
            return Some(Problem {
                kind: Kind::Limit,
                message: format!("more than {SYNTAX_DEPTH} brackets or operators lie in one another"),
                place: Some(Place { file: name.to_owned(), start, end, text: None }),
                trace: Vec::new(),
                help: Some("check for brackets that are never closed; name inner parts with `local`".to_owned()),
            });
        }
    }
    None
}

/// Answers the evaluator's imports from ours. Bytes are kept from resolving to loading, so that
/// each import is asked for once.
#[derive(Acyclic)]
struct Resolver {
    imports: Box<dyn Imports>,
    loaded: RefCell<BTreeMap<String, Vec<u8>>>,
    /// The importing file and the path of the import that was refused: the evaluator's error has no place.
    failed: RefCell<Option<(String, String)>>,
}

impl Resolver {
    /// The quoted path of the refused import, in the file `spec` or another.
    fn failed_place(&self, spec: &str) -> Option<Place> {
        let (file, path) = self.failed.borrow().clone()?;
        let text = String::from_utf8(self.loaded.borrow().get(&file)?.clone()).ok()?;
        let mut after_import = false;
        for token in Lexer::new(&text) {
            match token.kind {
                SyntaxKind::WHITESPACE => {}
                SyntaxKind::IMPORT_KW | SyntaxKind::IMPORTSTR_KW | SyntaxKind::IMPORTBIN_KW => after_import = true,
                _ if after_import && token.text.trim_matches(['"', '\'']) == path => {
                    let (start, end) = (token.range.0 as usize, token.range.1 as usize);
                    let foreign = (file != spec).then(|| text.clone());
                    return Some(Place { file, start, end, text: foreign });
                }
                _ => after_import = false,
            }
        }
        None
    }
}

impl ImportResolver for Resolver {
    fn resolve_from(&self, from: &SourcePath, path: &dyn AsPathLike) -> Result<SourcePath> {
        let from = file_name(from);
        let path = match path.as_path() {
            ResolvePath::Str(path) => path.to_owned(),
            ResolvePath::Path(path) => path.to_string_lossy().into_owned(),
        };
        match self.imports.load(&from, &path) {
            Ok((name, bytes)) => {
                self.loaded.borrow_mut().entry(name.clone()).or_insert(bytes);
                Ok(SourcePath::new(SourceFile::new(name.into())))
            }
            Err(reason) => {
                *self.failed.borrow_mut() = Some((from, path));
                Err(ErrorKind::ImportCallbackError(reason).into())
            }
        }
    }

    fn load_file_contents(&self, resolved: &SourcePath) -> Result<Vec<u8>> {
        let name = file_name(resolved);
        let bytes = self.loaded.borrow().get(&name).cloned();
        bytes.ok_or_else(|| ErrorKind::ImportCallbackError(format!("`{name}` was never loaded")).into())
    }
}

fn file_name(path: &SourcePath) -> String {
    path.path().map_or_else(|| path.to_string(), |path| path.to_string_lossy().into_owned())
}

fn explain(name: &str, error: &Error, failed_import: Option<Place>) -> Vec<Problem> {
    let trace: Vec<Frame> = error
        .trace()
        .0
        .iter()
        .map(|element| Frame {
            message: element.desc.clone(),
            place: element.location.as_ref().map(|span| place(name, span)),
        })
        .collect();
    let first_place = trace.iter().find_map(|frame| frame.place.clone());
    let problem = |kind, message: String, place: Option<Place>, help: Option<&str>| Problem {
        kind,
        message: one_line(&message),
        place,
        trace: trace.clone(),
        help: help.map(str::to_owned),
    };
    match error.error() {
        ErrorKind::ImportSyntaxError { error, .. } => {
            let place = place(name, &error.location);
            vec![problem(Kind::Syntax, error.message.clone(), Some(place), None)]
        }
        ErrorKind::StaticAnalysisError(found) => found
            .iter()
            .map(|found| {
                let place = found.span.as_ref().map(|span| place(name, span));
                Problem { trace: Vec::new(), ..problem(Kind::Syntax, found.message.clone(), place, None) }
            })
            .collect(),
        ErrorKind::ImportCallbackError(reason) => {
            let help = "imports are looked for beside the importing file and in the given import paths";
            vec![problem(Kind::Import, reason.clone(), failed_import.or(first_place), Some(help))]
        }
        ErrorKind::ImportBadFileUtf8(path) => {
            let message = format!("the import `{}` is not UTF-8", file_name(path));
            vec![problem(Kind::Import, message, first_place, Some("save it as UTF-8; `importbin` takes any bytes"))]
        }
        ErrorKind::StackOverflow => {
            let message = format!("calls nest more than {STACK_LIMIT} deep");
            vec![problem(Kind::Limit, message, first_place, Some("look for recursion without an end"))]
        }
        ErrorKind::InfiniteRecursionDetected => {
            let message = "a value needs itself to be known".to_owned();
            vec![problem(Kind::Failed, message, first_place, Some("break the circle of references"))]
        }
        other => vec![problem(Kind::Failed, other.to_string(), first_place, None)],
    }
}

fn place(name: &str, span: &Span) -> Place {
    let file = file_name(span.0.source_path());
    let text = (file != name).then(|| span.0.code().to_owned());
    Place { file, start: span.1 as usize, end: span.2 as usize, text }
}

fn one_line(message: &str) -> String {
    message.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}
