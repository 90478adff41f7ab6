/** Candidates inside a query: fields, and values that the open graph has. */
import type { Session } from '../session/session.ts';
import type { Completion } from './complete.ts';
import { type Candidate, completeNames, matching, opTypes } from './complete-names.ts';

const FIELDS: readonly Candidate[] = [
	{ text: 'op:', summary: 'the op type' },
	{ text: 'name:', summary: 'the name, with * or as /pattern/' },
	{ text: 'params:', summary: 'number of parameters: params:>10k' },
	{ text: 'bytes:', summary: 'size: bytes:>1MB' },
	{ text: 'dtype:', summary: 'the type of its first output' },
	{ text: 'shape:', summary: 'the shape of its first output: shape:[?,24,24,3]' },
	{ text: 'attr.', summary: 'an attribute: attr.padding:SAME' },
	{ text: 'in:', summary: 'nodes that read NODE' },
	{ text: 'out:', summary: 'nodes that NODE reads' },
	{ text: 'above:', summary: 'all that NODE needs' },
	{ text: 'below:', summary: 'all that NODE reaches' },
	{ text: 'fanout:', summary: 'number of readers' },
	{ text: 'fanin:', summary: 'number of inputs' },
	{ text: 'device:', summary: 'the device: device:*GPU*' },
	{ text: 'scope:', summary: 'nodes of a scope' },
];

const NODE_FIELDS = new Set(['in', 'out', 'above', 'below', 'name']);

/** @param head the line up to the cursor. @param at where the query begins. */
export function completeQueryText(session: Session, head: string, at: number): Completion | undefined {
	const word = /[^\s()]*$/.exec(head.slice(at))![0];
	const [, minus, field, typed] = /^(-?)(?:([a-z]+):)?(.*)$/.exec(word)!;
	const end = head.length;
	if (field === undefined) {
		const start = end - typed!.length;
		const fields = matching(typed!, FIELDS).filter((item) => typed === '' || item.text.startsWith(typed!));
		const names =
			session.isOpen && minus === '' && typed!.length > 1 ? completeNames(session.graph, typed!) : [];
		return { start, end, items: [...fields, ...names] };
	}
	if (!session.isOpen) return undefined;
	const start = end - typed!.length;
	if (field === 'op') return { start, end, items: opTypes(session.graph, typed!) };
	if (NODE_FIELDS.has(field)) return { start, end, items: completeNames(session.graph, typed!) };
	if (field === 'scope') return { start, end, items: completeNames(session.graph, typed!, true) };
	return undefined;
}
