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

/// Stack of the thread that parses and evaluates: the evaluator recurses over the text's nesting,
/// and the caller's stack may be small.
const STACK_BYTES: usize = 128 * 1024 * 1024;

/// How deep brackets may nest.
const BRACKET_LIMIT: usize = 100;

/// How much nesting of all kinds a text may hold at one place, in the units of [`weight`]. Far below
/// what the stack takes, far above what anyone writes: a thousand `local` in a row.
const NESTING_LIMIT: usize = 4_000;

pub(super) fn evaluate(name: &str, text: &str, imports: Box<dyn Imports + Send>) -> Evaluation {
    if let Some(problem) = too_deep(name, text) {
        return Evaluation::Problems(vec![problem]);
    }
    let (own_name, own_text) = (name.to_owned(), text.to_owned());
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let run = thread.spawn(move || on_thread(&own_name, &own_text, imports));
    let finished = run.ok().and_then(|run| run.join().ok());
    finished.unwrap_or_else(|| {
        Evaluation::Problems(vec![Problem {
            kind: Kind::Failed,
            message: "the Jsonnet evaluator broke down".to_owned(),
            place: None,
            trace: Vec::new(),
            help: Some(
                "this is a fault of the evaluator, not of the spec: simplify the spec, and report the fault".to_owned(),
            ),
        }])
    })
}

fn on_thread(name: &str, text: &str, imports: Box<dyn Imports + Send>) -> Evaluation {
    let mut builder = State::builder();
    let main = SourcePath::new(SourceFile::new(name.into()));
    let loaded = RefCell::new(BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())]));
    builder.import_resolver(Resolver { imports, loaded, failed: RefCell::new(None) });
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

/// How much a token nests what follows it, until the next comma at its own depth.
fn weight(kind: SyntaxKind) -> usize {
    match kind {
        SyntaxKind::LOCAL_KW
        | SyntaxKind::IF_KW
        | SyntaxKind::FUNCTION_KW
        | SyntaxKind::ERROR_KW
        | SyntaxKind::ASSERT_KW
        | SyntaxKind::IMPORT_KW
        | SyntaxKind::IMPORTSTR_KW
        | SyntaxKind::IMPORTBIN_KW => 4,
        SyntaxKind::WHITESPACE
        | SyntaxKind::SINGLE_LINE_SLASH_COMMENT
        | SyntaxKind::SINGLE_LINE_HASH_COMMENT
        | SyntaxKind::MULTI_LINE_COMMENT
        | SyntaxKind::IDENT
        | SyntaxKind::FLOAT
        | SyntaxKind::TRUE_KW
        | SyntaxKind::FALSE_KW
        | SyntaxKind::NULL_KW
        | SyntaxKind::THEN_KW
        | SyntaxKind::ELSE_KW
        | SyntaxKind::R_BRACE
        | SyntaxKind::R_BRACK
        | SyntaxKind::R_PAREN
        | SyntaxKind::DOT
        | SyntaxKind::COLON
        | SyntaxKind::SEMI
        | SyntaxKind::ASSIGN => 0,
        _ => 1,
    }
}

/// Estimates nesting over the tokens, so that no text can exhaust the parser's stack.
fn too_deep(name: &str, text: &str) -> Option<Problem> {
    // One count for each open bracket, and one for the outermost level.
    let mut levels = vec![0_usize];
    let mut total = 0;
    for token in Lexer::new(text) {
        let added = weight(token.kind);
        total += added;
        if let Some(level) = levels.last_mut() {
            *level += added;
        }
        match token.kind {
            SyntaxKind::L_BRACE | SyntaxKind::L_BRACK | SyntaxKind::L_PAREN => levels.push(0),
            SyntaxKind::R_BRACE | SyntaxKind::R_BRACK | SyntaxKind::R_PAREN if levels.len() > 1 => {
                total -= levels.pop().unwrap_or(0);
            }
            SyntaxKind::COMMA => total -= levels.last_mut().map_or(0, std::mem::take),
            _ => {}
        }
        if levels.len() > BRACKET_LIMIT || total > NESTING_LIMIT {
            let (start, end) = (token.range.0 as usize, token.range.1 as usize);
            return Some(Problem {
                kind: Kind::Limit,
                message: "too much is nested here to be evaluated".to_owned(),
                place: Some(Place { file: name.to_owned(), start, end, text: None }),
                trace: Vec::new(),
                help: Some("check for brackets that are never closed; name inner parts with `local`, split files with `import`".to_owned()),
            });
        }
    }
    None
}

/// Answers the evaluator's imports from ours. Bytes are kept from resolving to loading, so that
/// each import is asked for once.
#[derive(Acyclic)]
struct Resolver {
    imports: Box<dyn Imports + Send>,
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
                let nested =
                    std::str::from_utf8(&bytes).ok().filter(|_| is_code(&name)).and_then(|text| too_deep(&name, text));
                if let Some(problem) = nested {
                    *self.failed.borrow_mut() = Some((from, path));
                    return Err(ErrorKind::ImportCallbackError(format!("`{name}`: {}", problem.message)).into());
                }
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

/// Whether a file is imported as code by its name; `importstr` of any other text may nest as it likes.
fn is_code(name: &str) -> bool {
    [".jsonnet", ".libsonnet", ".json"].iter().any(|extension| name.ends_with(extension))
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
