/** Colours: what each tone looks like in a theme. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { Line, Tone } from '../session/answer.ts';
import { visible } from './visible.ts';

export type ThemeName = 'dark' | 'light' | 'none';

/** Paints text by its meaning; names from files are made visible on the way. */
export interface Painter {
	readonly theme: ThemeName;
	text(text: string, tone: Tone): string;
	line(line: Line): string;
	/** White on dark or the reverse, for what is selected. */
	selected(text: string): string;
	underlined(text: string): string;
}

/** @param level chalk's colour level: 0 none, 1 sixteen colours, 2 256, 3 all. */
export function painter(theme: ThemeName, level: 0 | 1 | 2 | 3 = 1): Painter {
	const chalk = new Chalk({ level: theme === 'none' ? 0 : level });
	const paints = tones(chalk, theme);
	const text = (content: string, tone: Tone): string => {
		const paint = paints[tone];
		const shown = visible(content);
		return paint ? paint(shown) : shown;
	};
	return {
		theme,
		text,
		line: (line) =>
			typeof line === 'string' ? visible(line) : line.map((piece) => text(piece.text, piece.tone)).join(''),
		selected: (content) => (theme === 'none' ? `>${content.slice(1)}` : chalk.inverse(content)),
		underlined: (content) => chalk.underline(paints.bad ? paints.bad(content) : content),
	};
}

/** Names of colours, not numbers: they follow the person's own terminal. */
function tones(chalk: ChalkInstance, theme: ThemeName): Partial<Record<Tone, ChalkInstance>> {
	const dark = theme === 'dark';
	return {
		dim: chalk.dim,
		strong: chalk.bold,
		good: chalk.green,
		warn: dark ? chalk.yellow : chalk.magenta,
		bad: chalk.red,
		name: dark ? chalk.cyan : chalk.blue,
		op: dark ? chalk.blueBright : chalk.blue,
		number: chalk.bold,
		added: chalk.green,
		removed: chalk.red,
		changed: dark ? chalk.yellow : chalk.magenta,
		exact: chalk.green,
		numeric: dark ? chalk.cyan : chalk.blue,
		lossy: dark ? chalk.yellow : chalk.magenta,
		interface: chalk.magenta,
	};
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The theme that holds: none for `NO_COLOR` and dumb terminals; `auto` looks at `COLORFGBG`, which terminals set to
 * their foreground and background.
 */
export function themeOf(setting: string, env: Environment = process.env): ThemeName {
	if (env.NO_COLOR || env.TERM === 'dumb') return 'none';
	if (setting === 'dark' || setting === 'light' || setting === 'none') return setting;
	const background = Number(env.COLORFGBG?.split(';').at(-1));
	return background === 7 || background === 15 ? 'light' : 'dark';
}
