/** The commands of the shell: the one list that everything else reads. */

import alias from './alias.ts';
import assert from './assert.ts';
import close from './close.ts';
import type { Command } from './define.ts';
import drop from './drop.ts';
import edit from './edit.ts';
import exportCommand from './export.ts';
import goto from './goto.ts';
import help from './help.ts';
import history from './history.ts';
import label from './label.ts';
import log from './log.ts';
import open from './open.ts';
import preview from './preview.ts';
import quit from './quit.ts';
import redo from './redo.ts';
import run from './run.ts';
import save from './save.ts';
import set from './set.ts';
import signatures from './signatures.ts';
import transforms from './transforms.ts';
import undo from './undo.ts';
import why from './why.ts';

export const commands: readonly Command[] = [
	alias,
	assert,
	close,
	drop,
	edit,
	exportCommand,
	goto,
	help,
	history,
	label,
	log,
	open,
	preview,
	quit,
	redo,
	run,
	save,
	set,
	signatures,
	transforms,
	undo,
	why,
];

const byName = new Map(
	commands.flatMap((command) =>
		[command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
	),
);

/** A command by its name or one of its other names. */
export function commandByName(name: string): Command | undefined {
	return byName.get(name);
}
