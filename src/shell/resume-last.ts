/** `whittle --resume`: the last session of this person, with its tree. */
import { resumeSession } from '../commands/resume.ts';
import { WhittleError } from '../graph/error.ts';
import { humanCount } from '../inspect/humanize.ts';
import { renderPlain } from '../render/plain.ts';
import { type Answer, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { Journal, lastJournal } from '../session/journal.ts';
import type { Session } from '../session/session.ts';
import { sizeOf } from '../session/status.ts';

/** @throws WhittleError `file` where there is no session, or its model is gone or has changed. */
export async function resumeLast(
	session: Session,
	folder: string,
): Promise<{ answer: Answer; journal: Journal; notes: readonly string[] }> {
	const path = lastJournal(folder);
	if (path === undefined)
		throw new WhittleError('file', 'There is no session to resume.', { hint: 'whittle MODEL starts one.' });
	const { lines, problem } = await resumeSession(session, path, {
		signal: new AbortController().signal,
		interactive: false,
		progress: () => {},
		pause: async () => {},
		plain: renderPlain,
	});
	const { nodes, params } = sizeOf(session.graph);
	const steps = session.history.steps.length - 1;
	const line = `${session.model.path} · ${nodes} nodes · ${humanCount(params)} params · resumed at step ${session.history.current.id} of ${steps}, ${plural(lines, 'line')} run again`;
	return {
		answer: { kind: 'text', data: {}, blocks: [text(line)], next: ['history'] },
		journal: Journal.continue(path),
		notes: problem === undefined ? [] : [problem],
	};
}
