//! The names that Python code uses: an import that binds none of them goes.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

/// The names that code reads, and those that `__all__` lists.
#[derive(Default)]
pub struct Used {
    pub names: HashSet<String>,
    /// The parameters of the functions that are being visited: inside, these names are no import's.
    parameters: Vec<HashSet<String>>,
}

impl Used {
    fn visit_function(&mut self, function: &StmtFunctionDef) {
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        self.visit_parameters(&function.parameters);
        function.returns.iter().for_each(|returned| self.visit_annotation(returned));
        self.parameters.push(function.parameters.iter().map(|one| one.name().to_string()).collect());
        self.visit_body(&function.body);
        self.parameters.pop();
    }
}

impl<'a> Visitor<'a> for Used {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Assign(assign) = statement
            && matches!(assign.targets.as_slice(), [Expr::Name(name)] if name.id.as_str() == "__all__")
            && let Expr::List(list) = assign.value.as_ref()
        {
            let texts = list.elts.iter().filter_map(|item| item.as_string_literal_expr());
            self.names.extend(texts.map(|text| text.value.to_str().to_owned()));
        }
        match statement {
            Stmt::FunctionDef(function) => self.visit_function(function),
            other => ruff_python_ast::visitor::walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx.is_load()
            && !self.parameters.iter().any(|names| names.contains(name.id.as_str()))
        {
            self.names.insert(name.id.to_string());
        }
        // `X = TypedDict("X", {"a-b": "Sequence[int]"})` names types in text.
        if let Expr::Call(call) = expression
            && matches!(call.func.as_ref(), Expr::Name(name) if name.id.as_str() == "TypedDict")
        {
            let fields = call.arguments.args.iter().filter_map(Expr::as_dict_expr).flat_map(|fields| &fields.items);
            let texts = fields.filter_map(|field| field.value.as_string_literal_expr());
            let is_part = |c: char| !(c.is_alphanumeric() || c == '_');
            self.names.extend(
                texts.flat_map(|text| text.value.to_str().split(is_part).map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        walk_expr(self, expression);
    }
}
