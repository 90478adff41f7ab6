/**
 * Draws `docs/whittle.svg`, the picture in the README, from a run of the program in a real terminal:
 * `npx tsx scripts/make-screenshot.ts`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../src/graph/package-file.ts';
import { builtProgram } from '../test/e2e/program.ts';
import { TestTerminal } from '../test/e2e/terminal.ts';

const COLUMNS = 100;
const ROWS = 34;
/** Size of a character, in pixels. */
const WIDTH = 8.4;
const HEIGHT = 18;
const MARGIN = 14;

const BACKGROUND = '#16181d';
const FOREGROUND = '#d7dae0';
/** The sixteen colours, as a dark theme has them. */
const PALETTE = [
	'#3b4048',
	'#e06c75',
	'#98c379',
	'#e5c07b',
	'#61afef',
	'#c678dd',
	'#56b6c2',
	'#d7dae0',
	'#5c6370',
	'#e06c75',
	'#98c379',
	'#e5c07b',
	'#7cc0ff',
	'#c678dd',
	'#56b6c2',
	'#ffffff',
];

interface Run {
	text: string;
	readonly x: number;
	readonly style: string;
	readonly inverse: boolean;
	columns: number;
}

async function main(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'whittle-picture-'));
	const terminal = new TestTerminal([await builtProgram(), 'mtcnn'], {
		cwd: folder,
		columns: COLUMNS,
		rows: ROWS,
	});
	try {
		await terminal.shows('244 nodes');
		await terminal.run('find op:Conv2D | head 4');
		await terminal.run('remove_nodes(op=Identity, op=CheckNumerics)');
		await terminal.run('fold_constants');
		terminal.send('quan');
		await terminal.shows('quantize_nodes');
		await terminal.quiet();
		writeFileSync(packageFile('docs/whittle.svg'), picture(terminal));
	} finally {
		terminal.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

function picture(terminal: TestTerminal): string {
	const { rows, top } = terminal.size;
	const used = terminal.screen().findLastIndex((line) => line !== '') + 1;
	const lines: string[] = [];
	for (let y = 0; y < Math.min(rows, used); y++) {
		for (const run of runsOf(terminal, top + y)) lines.push(...drawRun(run, y));
	}
	const { x, y } = terminal.cursor;
	lines.push(
		`<rect x="${left(x)}" y="${MARGIN + y * HEIGHT}" width="2" height="${HEIGHT}" fill="${FOREGROUND}"/>`,
	);
	const width = Math.ceil(COLUMNS * WIDTH + 2 * MARGIN);
	const height = used * HEIGHT + 2 * MARGIN;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="whittle in a terminal">
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${FOREGROUND}" xml:space="preserve">
${lines.join('\n')}
</g>
</svg>
`;
}

/** Neighbouring characters of the same look. */
function runsOf(terminal: TestTerminal, y: number): Run[] {
	const row = terminal.row(y);
	const runs: Run[] = [];
	for (let x = 0; row && x < COLUMNS; x++) {
		const cell = row.getCell(x);
		if (!cell || cell.getWidth() === 0) continue;
		const text = cell.getChars() || ' ';
		const inverse = cell.isInverse() !== 0;
		const fill = cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined;
		const style = [
			inverse ? `fill="${BACKGROUND}"` : fill ? `fill="${fill}"` : '',
			cell.isBold() ? 'font-weight="bold"' : '',
			cell.isDim() ? 'opacity="0.6"' : '',
			cell.isUnderline() ? 'text-decoration="underline"' : '',
		]
			.filter(Boolean)
			.join(' ');
		const last = runs.at(-1);
		if (last && last.style === style && last.inverse === inverse) {
			last.text += text;
			last.columns += cell.getWidth();
		} else runs.push({ text, x, style, inverse, columns: cell.getWidth() });
	}
	return runs;
}

function drawRun({ text, x, style, inverse, columns }: Run, y: number): string[] {
	const drawn: string[] = [];
	if (inverse) {
		drawn.push(
			`<rect x="${left(x)}" y="${MARGIN + y * HEIGHT}" width="${(columns * WIDTH).toFixed(1)}" height="${HEIGHT}" fill="${FOREGROUND}"/>`,
		);
	}
	const shown = text.trimEnd();
	if (shown === '') return drawn;
	const blanks = shown.length - shown.trimStart().length;
	const width = ([...shown].length - blanks) * WIDTH;
	// The length holds every column in its place, whatever font there is.
	drawn.push(
		`<text x="${left(x + blanks)}" y="${MARGIN + y * HEIGHT + 13}" textLength="${width.toFixed(1)}" ${style}>${escapeText(shown.trimStart())}</text>`,
	);
	return drawn;
}

function left(column: number): string {
	return (MARGIN + column * WIDTH).toFixed(1);
}

function escapeText(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

await main();
process.exit(0);
