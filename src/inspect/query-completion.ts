/** What could stand at the cursor of a query: fields, values, words. */
import { dtypeNames } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { attrText } from './attr-values.ts';
import { NodeIndex } from './node-index.ts';
import type { QueryField } from './query-field.ts';
import { queryFields } from './query-fields.ts';

export interface QueryCompletion {
	/** The part of the text that a candidate takes the place of. */
	readonly start: number;
	readonly end: number;
	readonly candidates: readonly QueryCandidate[];
}

export interface QueryCandidate {
	readonly text: string;
	readonly summary: string;
}

const MOST = 50;

/** @param cursor an offset in the text. */
export function completeQuery(text: string, cursor: number, graph: Graph): QueryCompletion {
	const before = text.slice(0, cursor);
	const rest = /^[^\s()]*/.exec(text.slice(cursor))![0];
	const token = /(?:"[^"]*|[^\s()"])*$/.exec(before)![0].replace(/^-/, '');
	const start = cursor - token.length;
	const end = cursor + rest.length;
	const colon = token.indexOf(':');
	const open = openField(before.slice(0, start));
	if (colon < 0 && !open) return { start, end, candidates: words(token, graph) };
	const fieldName = colon < 0 ? open! : token.slice(0, colon);
	const typed = colon < 0 ? token : token.slice(colon + 1);
	const field = queryFields.find((known) => known.name === fieldName.split('.')[0]);
	const valueStart = cursor - typed.length;
	if (!field) return { start: valueStart, end, candidates: [] };
	return { start: valueStart, end, candidates: values(field, fieldName, typed, graph) };
}

/** The field of a bracket that is still open: `op:(Conv2D OR `. */
function openField(text: string): string | undefined {
	return /([A-Za-z_.]+):\(\s*(?:[^()]*)$/.exec(text)?.[1];
}

function words(typed: string, graph: Graph): QueryCandidate[] {
	const wanted = typed.toLowerCase();
	const fields = queryFields
		.filter((field) => field.name.startsWith(wanted))
		.map((field) => ({ text: field.name === 'attr' ? 'attr.' : `${field.name}:`, summary: field.summary }));
	const attrs = wanted.startsWith('attr.') ? attrNames(graph, typed.slice(5)) : [];
	const logic = ['AND', 'OR', 'NOT']
		.filter((word) => typed !== '' && word.startsWith(typed))
		.map((word) => ({ text: word, summary: 'joins terms' }));
	const named = wanted.length > 1 && !wanted.includes('.') ? names(graph, wanted) : [];
	return [...fields, ...attrs, ...logic, ...named].slice(0, MOST);
}

function attrNames(graph: Graph, typed: string): QueryCandidate[] {
	const names = new Map<string, string>();
	for (const [op, nodes] of graph.byOp)
		for (const name of nodes[0]!.attrs.keys())
			if (name.startsWith(typed) && !names.has(name)) names.set(name, op);
	return [...names].sort().map(([name, op]) => ({ text: `attr.${name}:`, summary: `of ${op} and others` }));
}

function values(field: QueryField, name: string, typed: string, graph: Graph): QueryCandidate[] {
	const wanted = typed.toLowerCase();
	const fits = (text: string): boolean => text.toLowerCase().startsWith(wanted);
	switch (field.values) {
		case 'op':
			return [...graph.byOp]
				.filter(([op]) => fits(op))
				.sort((a, b) => b[1].length - a[1].length)
				.slice(0, MOST)
				.map(([op, nodes]) => ({ text: op, summary: `${nodes.length} nodes` }));
		case 'dtype':
			return dtypeNames
				.filter(fits)
				.slice(0, MOST)
				.map((text) => ({ text, summary: '' }));
		case 'name':
			return names(graph, wanted);
		case 'scope':
			return scopes(graph, typed);
		case 'device':
			return distinct(
				graph.nodes.map((node) => node.device).filter((device) => device !== '' && fits(device)),
			);
		case 'attr':
			return attrValues(graph, name.slice('attr.'.length), fits);
		case 'number':
			return typed === ''
				? ['>', '>=', '<', '<=', '1k..1M'].map((text) => ({ text, summary: field.example }))
				: [];
		case 'shape':
			return typed === '' ? [{ text: '[', summary: field.example }] : [];
	}
}

/** Names that begin so, then those that contain it; quoted where they must be. */
function names(graph: Graph, wanted: string): QueryCandidate[] {
	const lower = NodeIndex.of(graph).lowerNames;
	const first: QueryCandidate[] = [];
	const others: QueryCandidate[] = [];
	for (let i = 0; i < lower.length && first.length < MOST; i++) {
		const list = lower[i]!.startsWith(wanted) ? first : lower[i]!.includes(wanted) ? others : undefined;
		if (!list || list.length >= MOST) continue;
		const { name, op } = graph.nodes[i]!;
		list.push({ text: /[\s()":[\]]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name, summary: op });
	}
	return [...first, ...others].slice(0, MOST);
}

/** The next part of the name tree only, as a shell completes folders. */
function scopes(graph: Graph, typed: string): QueryCandidate[] {
	const found: string[] = [];
	for (const { name } of graph.nodes) {
		if (!name.startsWith(typed)) continue;
		const slash = name.indexOf('/', typed.length);
		if (slash > 0) found.push(name.slice(0, slash));
	}
	return distinct(found);
}

function attrValues(graph: Graph, name: string, fits: (text: string) => boolean): QueryCandidate[] {
	const found: string[] = [];
	for (const nodes of graph.byOp.values()) {
		for (const node of nodes.slice(0, 200)) {
			const attr = node.attr(name);
			if (!attr || attr.kind === 'tensor') continue;
			const text = attrText(attr);
			if (fits(text) && text.length < 60) found.push(text);
		}
	}
	return distinct(found);
}

function distinct(texts: readonly string[]): QueryCandidate[] {
	const counts = new Map<string, number>();
	for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
	return [...counts]
		.sort((a, b) => b[1] - a[1])
		.slice(0, MOST)
		.map(([text, count]) => ({
			text: /[\s()":]/.test(text) ? `"${text}"` : text,
			summary: `${count} nodes`,
		}));
}
