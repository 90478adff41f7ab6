import type { WhittleError } from '../graph/error.ts';
import { type Answer, type Block, span, text } from '../session/answer.ts';
import type { Cell } from '../session/cell.ts';
import { plural } from '../session/figures.ts';
import { flag, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { digestWarning, readScript, replayFilter } from './session-script.ts';

export default defineCommand({
	name: 'run',
	group: 'session',
	summary: 'run a session script on the open model, as ordinary steps',
	details:
		"The script's own `open` is left out while a model is open. It stops at the first line that fails, " +
		'unless --keep-going is given. A model other than the one that the script was made on is warned about.',
	args: {
		script: word('a .whittle file', { subject: 'file' }),
		keepGoing: flag('go on after a line that failed'),
	},
	examples: ['run clean.whittle', 'run clean.whittle --keep-going'],
	scripted: 'never',
	withoutModel: true,

	async run(session, { script: file, keepGoing }, context): Promise<Answer> {
		const script = readScript(session, file);
		const blocks: Block[] = [];
		const { cells, exitCode } = await context.runScript(script.text, {
			keepGoing,
			filter: replayFilter(session),
			onCell: (cell) => {
				if (context.onCell) context.onCell(cell);
				else blocks.push(text([span(`> ${cell.input}`, 'dim')]), ...cellBlocks(cell));
			},
		});
		const failed = cells.find((cell) => !cell.ok);
		if (failed && !failed.ok && !keepGoing) throw inScript(file, failed.line, failed.error);
		const warning = digestWarning(session, script);
		if (warning !== undefined) blocks.push(text([span(`! ${warning}`, 'warn')]));
		const bad = cells.filter((cell) => !cell.ok || cell.answer.failed).length;
		const outcome = bad === 0 ? '' : `, ${bad} failed`;
		return {
			kind: 'text',
			data: { script: file, lines: cells.length, failed: bad, exitCode, warning: warning ?? null },
			blocks: [...blocks, text(`ran ${plural(cells.length, 'line')} of ${file}${outcome}`)],
			...(bad > 0 ? { failed: true } : {}),
		};
	},
});

function cellBlocks(cell: Cell): readonly Block[] {
	return cell.ok ? cell.answer.blocks : [text([span(cell.error.message, 'bad')])];
}

function inScript(file: string, line: number | undefined, error: WhittleError): WhittleError {
	const where = line === undefined ? file : `${file}, line ${line}`;
	return error.retold({ message: `${where}: ${error.message}` });
}
