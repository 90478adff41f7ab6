/** Asking a graph for nodes: a query's text to the positions of the nodes that fit. */

import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';
import { costing } from './flops.ts';
import { NodeIndex } from './node-index.ts';
import type { NodeTest, QueryField } from './query-field.ts';
import { fieldByName } from './query-fields.ts';
import { type Expression, parseQuery, type Value } from './query-syntax.ts';
import { spanOf } from './query-values.ts';
import { wildcardTest } from './text-matcher.ts';

/**
 * Positions of the nodes that fit a query, in the file's order; all of them for an empty query.
 * @throws WhittleError with a span in the query's text.
 */
export function findNodes(graph: Graph, query: string): number[] {
	return finish(findingNodes(graph, query));
}

/** {@link findNodes} in turns. */
export function* findingNodes(graph: Graph, query: string): Work<number[]> {
	if (fieldsOf(query).has('flops')) yield* costing(graph);
	const test = compileQuery(graph, query);
	const found: number[] = [];
	const started = performance.now();
	for (let i = 0; i < graph.nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: graph.nodes.length };
		if (test(i)) found.push(i);
		if ((i & 0xff) === 0xff && performance.now() - started > MOST_MILLISECONDS) {
			throw new WhittleError('usage', 'The query takes too long.', {
				hint: 'Only a regular expression can: wildcards are faster.',
			});
		}
	}
	return found;
}

/** More than a person would wait for an answer. */
const MOST_MILLISECONDS = 5_000;

/** A query as a test on positions. @throws WhittleError with a span in the query's text. */
export function compileQuery(graph: Graph, query: string): NodeTest {
	const expression = parseQuery(query);
	return expression ? compile(NodeIndex.of(graph), expression).test : () => true;
}

/** The names of the fields that a query asks about. @throws WhittleError with a span in the query's text. */
export function fieldsOf(query: string): ReadonlySet<string> {
	const names = new Set<string>();
	const open = [parseQuery(query)];
	for (let expression = open.pop(); expression; expression = open.pop()) {
		if (expression.type === 'field') names.add(expression.field.name);
		else if (expression.type === 'not') open.push(expression.term);
		else if (expression.type !== 'word') open.push(...expression.terms);
	}
	return names;
}

interface Compiled {
	readonly test: NodeTest;
	readonly cost: number;
}

function compile(index: NodeIndex, expression: Expression): Compiled {
	switch (expression.type) {
		case 'and':
		case 'or':
			return combine(
				expression.type,
				expression.terms.map((term) => compile(index, term)),
			);
		case 'not':
			return negate(compile(index, expression.term));
		case 'word':
			return word(index, expression.text, expression.quoted);
		case 'field': {
			const { name, start, end } = expression.field;
			const { field, key } = fieldByName(name, spanOf({ start, end }));
			return compileValue(index, field, key, expression.value);
		}
	}
}

function compileValue(index: NodeIndex, field: QueryField, key: string, value: Value): Compiled {
	switch (value.type) {
		case 'and':
		case 'or':
			return combine(
				value.type,
				value.terms.map((term) => compileValue(index, field, key, term)),
			);
		case 'not':
			return negate(compileValue(index, field, key, value.term));
		default:
			return { test: field.test(index, value, key), cost: field.cost };
	}
}

/** Cheap tests first: most nodes fall there. */
function combine(type: 'and' | 'or', terms: Compiled[]): Compiled {
	const tests = [...terms].sort((a, b) => a.cost - b.cost).map((term) => term.test);
	const cost = Math.max(...terms.map((term) => term.cost));
	const test: NodeTest =
		type === 'and' ? (i) => tests.every((fits) => fits(i)) : (i) => tests.some((fits) => fits(i));
	return { test, cost };
}

function negate({ test, cost }: Compiled): Compiled {
	return { test: (i) => !test(i), cost };
}

/** A word without a field: the name contains it, whatever the case; with wildcards it is the whole name. */
function word(index: NodeIndex, text: string, quoted: boolean): Compiled {
	const wanted = text.toLowerCase();
	const names = index.lowerNames;
	if (quoted || !/[*?]/.test(wanted)) return { test: (i) => names[i]!.includes(wanted), cost: 2 };
	const fits = wildcardTest(wanted);
	return { test: (i) => fits(names[i]!), cost: 2 };
}
