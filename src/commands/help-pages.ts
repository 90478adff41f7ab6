/** The pages of `help WORD`, made from the declarations. */
import { type Block, type Column, type Line, span, text } from '../session/answer.ts';
import type { Transform } from '../transforms/define.ts';
import { optionName, usageOf } from './argument-values.ts';
import type { Command } from './define.ts';

const parameterColumns: readonly Column[] = [
	{ name: 'parameter', tone: 'strong' },
	{ name: 'kind', tone: 'dim' },
	{ name: 'default' },
	{ name: 'meaning' },
];

const losses: Readonly<Record<Transform['loss'], string>> = {
	exact: 'outputs stay equal to the bit',
	numeric: 'outputs stay equal up to rounding',
	lossy: 'values are approximated on purpose',
	interface: 'names, shapes or ops that callers rely on change',
};

/** @param more with details and pictures. */
export function commandPage(command: Command, more: boolean): Block[] {
	const head: Line[] = [[span(usageOf(command), 'strong')], `  ${command.summary}`];
	if (command.aliases) head.push(`  also: ${command.aliases.join(', ')}`);
	const blocks: Block[] = [text(...head)];
	const rows = Object.entries(command.args).map(([key, argument]) => {
		const option = argument.kind === 'flag' || argument.kind === 'option';
		const values = argument.values ? ` (${argument.values.join(', ')})` : '';
		const name = option ? `--${optionName(key)}` : key;
		return [name, argument.required ? 'required' : 'optional', `${argument.summary}${values}`];
	});
	if (rows.length > 0)
		blocks.push({
			type: 'table',
			columns: [{ name: 'argument', tone: 'strong' }, { name: '' }, { name: 'meaning' }],
			rows,
		});
	if (command.details) blocks.push(text('', ...wrapped(command.details)));
	blocks.push(examples(command.examples));
	if (more) blocks.push(text('', scriptSentence(command)));
	return blocks;
}

function scriptSentence(command: Command): string {
	if (command.scripted === 'always') return 'Its line stands in exported scripts.';
	if (command.scripted === 'asked')
		return 'A question: exported scripts leave it out, unless `export FILE --all` is said.';
	return 'Never part of an exported script.';
}

export function transformPage(transform: Transform, more: boolean): Block[] {
	const { name, summary, loss, origin } = transform;
	const from = origin === 'tensorflow' ? "TensorFlow's transform" : "whittle's own transform";
	const blocks: Block[] = [
		text([span(form(transform), 'strong')], `  ${summary}`, [
			span(`  ${from}; `),
			span(loss, loss),
			span(`: ${losses[loss]}`),
		]),
	];
	const parameters = Object.entries(transform.params).map(([key, parameter]) => [
		key,
		parameter.kind,
		parameter.required ? 'required' : (parameter.fallback ?? '—'),
		parameter.summary,
	]);
	parameters.push([
		'ignore_errors',
		'bool',
		'false',
		'when it stops with an error, go on with the graph as it was',
	]);
	blocks.push({ type: 'table', columns: parameterColumns, rows: parameters });
	if (transform.picture)
		blocks.push(text('', ...transform.picture.split('\n').map((line): Line => `  ${line}`)));
	if (transform.details) {
		const paragraphs = wrapped(transform.details);
		blocks.push(text('', ...(more ? paragraphs : paragraphs.slice(0, 6))));
		if (!more && paragraphs.length > 6) blocks.push(text([span(`  … ${name}?? shows the rest`, 'dim')]));
	}
	blocks.push(examples(transform.examples));
	if (transform.after) blocks.push(text(`  usually run after: ${transform.after.join(', ')}`));
	if (transform.seeAlso) blocks.push(text(`  see also: ${transform.seeAlso.join(', ')}`));
	if (more && transform.idempotent === false) blocks.push(text('  a second run changes the graph again'));
	return blocks;
}

/** A transform's declaration as data. */
export function describeTransform(transform: Transform) {
	const { name, summary, details, loss, origin, picture, params, examples, after, seeAlso } = transform;
	const parameters = Object.entries(params).map(([key, parameter]) => ({
		name: key,
		kind: parameter.kind,
		summary: parameter.summary,
		default: parameter.fallback ?? null,
		required: parameter.required,
	}));
	return { name, summary, details, loss, origin, picture, parameters, examples, after, seeAlso };
}

/** A command's declaration as data. */
export function describeCommand(command: Command) {
	const { name, aliases, group, summary, details, examples, scripted } = command;
	const args = Object.entries(command.args).map(([key, { kind, summary, required, values }]) => ({
		name: kind === 'flag' || kind === 'option' ? `--${optionName(key)}` : key,
		kind,
		summary,
		required,
		values,
	}));
	return { name, aliases, group, summary, details, usage: usageOf(command), args, examples, scripted };
}

/** `quantize_weights(minimum_size=…)` */
function form(transform: Transform): string {
	const keys = Object.keys(transform.params);
	return keys.length > 0 ? `${transform.name}(${keys.map((key) => `${key}=…`).join(', ')})` : transform.name;
}

function examples(lines: readonly string[]): Block {
	return text('', ...lines.map((line): Line => [span('  > ', 'dim'), span(line, 'name')]));
}

/** Paragraphs broken at 76 columns, two blanks in front; lines with columns of their own stay as they are. */
export function wrapped(prose: string, width = 76): string[] {
	const lines: string[] = [];
	for (const paragraph of prose.split('\n')) {
		if (/\S {2,}\S/.test(paragraph)) {
			lines.push(`  ${paragraph}`);
			continue;
		}
		let line = ' ';
		for (const word of paragraph.trim().split(/\s+/)) {
			if (line.length + word.length + 1 > width && line !== ' ') {
				lines.push(line);
				line = ' ';
			}
			line += ` ${word}`;
		}
		lines.push(line);
	}
	return lines;
}
