/** Candidates inside a list of transforms: names, parameters, and their values. */
import { dtypeNames } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Session } from '../session/session.ts';
import type { Transform } from '../transforms/define.ts';
import { transformByName, transforms } from '../transforms/index.ts';
import type { Parameter } from '../transforms/parameters.ts';
import type { Completion, CompletionWorld } from './complete.ts';
import { type Candidate, completeNames, matching, opTypes } from './complete-names.ts';

/** Where a cursor stands in a list of transforms. */
export interface TransformPlace {
	/** The transform whose brackets are open; undefined outside. */
	readonly transform: Transform | undefined;
	readonly inside: boolean;
	/** The parameter whose value is being typed. */
	readonly key: string | undefined;
	/** Parameters given so far. */
	readonly given: readonly string[];
	/** The word or value as typed so far, without its opening quote. */
	readonly typed: string;
	readonly quoted: boolean;
}

/** @param head the line up to the cursor. @param at where the transforms begin. */
export function transformPlace(head: string, at: number): TransformPlace {
	const text = head.slice(at);
	const open = openBracket(text);
	if (open < 0) {
		const typed = /[A-Za-z0-9_]*$/.exec(text)![0];
		return { transform: undefined, inside: false, key: undefined, given: [], typed, quoted: false };
	}
	const name = /([A-Za-z0-9_]*)$/.exec(text.slice(0, open))![1]!;
	const body = text.slice(open + 1);
	const given = [...body.matchAll(/([A-Za-z0-9_]+)=/g)].map((match) => match[1]!);
	const value = /([A-Za-z0-9_]+)=(?:"((?:[^"\\]|\\.)*)|([^",\s)]*))$/.exec(body);
	const transform = transformByName(name);
	if (value) {
		return {
			transform,
			inside: true,
			key: value[1],
			given,
			typed: value[2] ?? value[3] ?? '',
			quoted: value[2] !== undefined,
		};
	}
	return {
		transform,
		inside: true,
		key: undefined,
		given,
		typed: /[A-Za-z0-9_]*$/.exec(body)![0],
		quoted: false,
	};
}

/** The bracket that is still open at the end of a text; −1 outside. */
function openBracket(text: string): number {
	let open = -1;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		if (quoted && char === '\\') i++;
		else if (char === '"') quoted = !quoted;
		else if (!quoted && char === '(') open = i;
		else if (!quoted && char === ')') open = -1;
	}
	return open;
}

export function completeTransforms(world: CompletionWorld, head: string, at: number): Completion | undefined {
	const place = transformPlace(head, at);
	const start = head.length - place.typed.length;
	const whole = { start, end: head.length };
	if (!place.inside) {
		const known = transforms.map((item) => ({ text: item.name, summary: item.summary }));
		return { ...whole, items: matching(place.typed, known) };
	}
	if (!place.transform) return undefined;
	if (place.key === undefined) return { ...whole, items: parameterNames(place) };
	const parameter = place.transform.params[place.key];
	const items =
		place.key === 'ignore_errors'
			? choices(['true', 'false'], place.typed)
			: parameter && values(world.session, parameter, place.typed);
	if (!items) return undefined;
	return {
		...whole,
		items: items.map((item) => ({ ...item, text: place.quoted ? item.text : quoteIfNeeded(item.text) })),
	};
}

function parameterNames(place: TransformPlace): readonly Candidate[] {
	const known = Object.entries(place.transform!.params)
		.filter(([name, parameter]) => parameter.kind === 'strings' || !place.given.includes(name))
		.map(([name, parameter]) => ({ text: `${name}=`, summary: parameter.summary }));
	known.push({ text: 'ignore_errors=', summary: 'go on when this step fails' });
	return matching(place.typed, known);
}

function values(
	session: Session,
	parameter: Parameter<unknown>,
	typed: string,
): readonly Candidate[] | undefined {
	if (parameter.kind === 'bool') return choices(['true', 'false'], typed);
	if (parameter.subject === 'dtype') return choices(dtypeNames, typed);
	if (!session.isOpen) return undefined;
	if (parameter.subject === 'op') return opTypes(session.graph, typed);
	if (parameter.subject === 'node') return completeNames(session.graph, typed);
	if (parameter.subject === 'attr') return attributeNames(session.graph, typed);
	return undefined;
}

function choices(texts: readonly string[], typed: string): readonly Candidate[] {
	return matching(
		typed,
		texts.map((text) => ({ text, summary: '' })),
	);
}

const attributes = new WeakMap<Graph, readonly Candidate[]>();

/** Attributes that nodes of the graph have: of one node an op type, which is enough to know them. */
function attributeNames(graph: Graph, typed: string): readonly Candidate[] {
	let known = attributes.get(graph);
	if (!known) {
		const ops = new Map<string, string>();
		for (const [op, nodes] of graph.byOp)
			for (const name of nodes[0]!.attrs.keys()) if (!ops.has(name)) ops.set(name, op);
		known = [...ops].map(([text, op]) => ({ text, summary: `as ${op} has` }));
		attributes.set(graph, known);
	}
	return matching(typed, known);
}

function quoteIfNeeded(value: string): string {
	return /^[A-Za-z0-9\-./_]*$/.test(value) ? value : `"${value}"`;
}
