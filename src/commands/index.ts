/** The commands of the shell: the one list that everything else reads. */

import alias from './alias.ts';
import assert from './assert.ts';
import bench from './bench.ts';
import bisect from './bisect.ts';
import blocks from './blocks.ts';
import cd from './cd.ts';
import check from './check.ts';
import ckpt from './ckpt.ts';
import close from './close.ts';
import cone from './cone.ts';
import constCommand from './const.ts';
import counts from './counts.ts';
import type { Command } from './define.ts';
import diff from './diff.ts';
import drop from './drop.ts';
import edit from './edit.ts';
import evalCommand from './eval.ts';
import exportCommand from './export.ts';
import feed from './feed.ts';
import find from './find.ts';
import flops from './flops.ts';
import goto from './goto.ts';
import help from './help.ts';
import history from './history.ts';
import inCommand from './in.ts';
import inputs from './inputs.ts';
import label from './label.ts';
import log from './log.ts';
import ls from './ls.ts';
import open from './open.ts';
import ops from './ops.ts';
import out from './out.ts';
import outputs from './outputs.ts';
import params from './params.ts';
import path from './path.ts';
import plot from './plot.ts';
import preview from './preview.ts';
import quit from './quit.ts';
import redo from './redo.ts';
import run from './run.ts';
import save from './save.ts';
import set from './set.ts';
import show from './show.ts';
import signatures from './signatures.ts';
import summary from './summary.ts';
import transforms from './transforms.ts';
import tree from './tree.ts';
import undo from './undo.ts';
import verify from './verify.ts';
import view from './view.ts';
import weights from './weights.ts';
import why from './why.ts';

export const commands: readonly Command[] = [
	alias,
	assert,
	bench,
	bisect,
	blocks,
	cd,
	check,
	ckpt,
	close,
	cone,
	constCommand,
	counts,
	diff,
	drop,
	edit,
	evalCommand,
	exportCommand,
	feed,
	find,
	flops,
	goto,
	help,
	history,
	inCommand,
	inputs,
	label,
	log,
	ls,
	open,
	ops,
	out,
	outputs,
	params,
	path,
	plot,
	preview,
	quit,
	redo,
	run,
	save,
	set,
	show,
	signatures,
	summary,
	transforms,
	tree,
	undo,
	verify,
	view,
	weights,
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
