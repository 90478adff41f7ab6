/** `whittle --resume`: the last session of this person, with its tree. */
import type { RunContext } from '../commands/define.ts';
import { resumeLastSession } from '../commands/session-start.ts';
import { humanCount } from '../inspect/humanize.ts';
import { type Answer, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Journal } from '../session/journal.ts';
import type { Session } from '../session/session.ts';
import { sizeOf } from '../session/status.ts';

/** @throws WhittleError `file` where there is no session, or its model is gone or has changed. */
export async function resumeLast(
	session: Session,
	folder: string,
	context: RunContext,
): Promise<{ answer: Answer; journal: Journal; notes: readonly string[] }> {
	const { journal, lines, problem } = await resumeLastSession(session, folder, context);
	const { nodes, params } = sizeOf(session.graph);
	const steps = session.history.steps.length - 1;
	const line = `${session.model.path} · ${nodes} nodes · ${humanCount(params)} params · resumed at step ${session.history.current.id} of ${steps}, ${plural(lines, 'line')} run again`;
	return {
		answer: { kind: 'text', data: {}, blocks: [text(line)], next: ['history'] },
		journal,
		notes: problem === undefined ? [] : [problem],
	};
}
