/** The answer of commands that move in the history: where the session is now. */

import { humanBytes } from '../inspect/humanize.ts';
import { type Answer, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { sizeOf } from '../session/status.ts';

/** @param what one clause: what happened. */
export function placeAnswer(
	session: Session,
	what: string,
	data: Readonly<Record<string, unknown>> = {},
): Answer {
	const { current } = session.history;
	const size = sizeOf(current.graph);
	const name = current.label === undefined ? `#${current.id}` : `#${current.id} ${current.label}`;
	return {
		kind: 'text',
		data: { ...data, step: current.id, nodes: size.nodes, params: size.params, bytes: size.bytes },
		blocks: [
			text([
				span(what),
				span('  '),
				span(`now at ${name}: ${plural(size.nodes, 'node')}, ${humanBytes(size.bytes)}`, 'dim'),
			]),
		],
	};
}
