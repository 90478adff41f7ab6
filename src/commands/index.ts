/** The commands of the shell: the one list that everything else reads. */
import type { Command } from './define.ts';
import open from './open.ts';
import quit from './quit.ts';
import redo from './redo.ts';
import undo from './undo.ts';

export const commands: readonly Command[] = [open, quit, redo, undo];

const byName = new Map(
	commands.flatMap((command) =>
		[command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
	),
);

/** A command by its name or one of its other names. */
export function commandByName(name: string): Command | undefined {
	return byName.get(name);
}
