/** `… > FILE` writes a new file, `… >! FILE` replaces one: nothing that is there is overwritten silently. */
import { WhittleError } from '../graph/error.ts';
import type { Session } from '../session/session.ts';
import type { RunContext } from './define.ts';
import { runPausing } from './run-pausing.ts';

/** The file's name without the `!` that allows to replace it. */
export function resultPath(redirect: string): string {
	return redirect.replace(/^!\s*/, '');
}

/**
 * Writes a result where the line says. The very same bytes are no news: a script may run twice.
 * @throws WhittleError `file` where a file with other content is there and `!` does not allow to replace it.
 */
export async function writeResult(
	session: Session,
	redirect: string,
	pieces: readonly Uint8Array[],
	context: RunContext,
): Promise<void> {
	const path = resultPath(redirect);
	const force = path !== redirect;
	if (!force && session.host.exists(path)) {
		if (Buffer.concat(pieces).equals(session.host.readFile(path))) return;
		throw new WhittleError('file', `${path} is there already, with other content.`, {
			hint: `\`>! ${path}\` replaces it.`,
		});
	}
	await runPausing(session.host.writingFile(path, pieces, { force }), `write ${path}`, context);
}
