/** `export x.whittle`: the shell's own lines (docs/session-scripts.md). */
import { plural } from '../figures.ts';
import { quoteWord } from '../quote-word.ts';
import { type RecipeItem, recipeOf } from '../recipe.ts';
import type { Session } from '../session.ts';
import { type ExportForm, stepText } from './define.ts';

/** Where comments begin, when the line is shorter. */
const MARGIN = 48;

export const sessionScript: ExportForm = {
	ending: '.whittle',
	summary: 'a session script that `run` replays',
	executable: true,

	write(session, { questions }) {
		const open = [`open ${quoteWord(session.model.path)}`, ...openOptions(session)].join(' ');
		const lines = [
			'#!/usr/bin/env -S whittle run',
			withComment(open, `sha256 ${session.model.digest()}`),
			...recipeOf(session, questions).flatMap(itemLines),
		];
		return `${lines.join('\n')}\n`;
	},
};

function openOptions(session: Session): string[] {
	return Object.entries(session.openOptions).flatMap(([name, value]) => [`--${name}`, quoteWord(value)]);
}

function itemLines(item: RecipeItem): string[] {
	switch (item.kind) {
		case 'endpoints': {
			const { inputs = [], outputs = [] } = item;
			const lines: string[] = [];
			if (inputs.length > 0) lines.push(['inputs', ...inputs.map(quoteWord)].join(' '));
			if (outputs.length > 0) lines.push(['outputs', ...outputs.map(quoteWord)].join(' '));
			return lines;
		}
		case 'step': {
			const before = item.before.graph.nodes.length;
			const after = item.step.graph.nodes.length;
			const what = before === after ? plural(after, 'node') : `${before} → ${plural(after, 'node')}`;
			return [withComment(stepText(item.step), what)];
		}
		case 'label':
			return [`label ${quoteWord(item.label)}`];
		case 'line':
			return [item.entry.cell.input];
	}
}

function withComment(line: string, comment: string): string {
	return `${line.padEnd(MARGIN - 1)} # ${comment}`;
}
