/** `export x.ts`: a program on the library `graphwhittle`. */
import { chainsOf, lastSaved } from '../recipe.ts';
import type { Session } from '../session.ts';
import { defaultResult, type ExportForm, requireSteps, stepText } from './define.ts';

export const typescriptProgram: ExportForm = {
	ending: '.ts',
	summary: 'a TypeScript program on the library graphwhittle',
	executable: false,

	write(session) {
		requireSteps(session);
		const out = lastSaved(session) ?? defaultResult(session);
		const lines = [
			`// Made by whittle from a session on ${session.model.path.replace(/\s+/g, ' ')}.`,
			'// usage: node SCRIPT [MODEL [OUT]]      needs: npm install graphwhittle',
			`import { openGraph, saveGraph, transformGraph } from 'graphwhittle';`,
			'',
			`const [model = ${text(session.model.path)}, out = ${text(out)}] = process.argv.slice(2);`,
			'',
			`let graph = openGraph(${['model', ...openOptions(session)].join(', ')});`,
		];
		for (const chain of chainsOf(session)) {
			lines.push(
				'graph = transformGraph(graph, {',
				`\tinputs: ${list(chain.inputs)},`,
				`\toutputs: ${list(chain.outputs)},`,
				`\ttransforms: ${list(chain.steps.map(stepText))},`,
				'});',
			);
		}
		return `${[...lines, 'saveGraph(graph, out, { force: true });'].join('\n')}\n`;
	},
};

function openOptions(session: Session): string[] {
	const { openOptions: options } = session;
	return Object.keys(options).length > 0 ? [JSON.stringify(options)] : [];
}

function list(items: readonly string[]): string {
	const short = `[${items.map(text).join(', ')}]`;
	return short.length <= 90 ? short : `[\n${items.map((item) => `\t\t${text(item)},\n`).join('')}\t]`;
}

function text(value: string): string {
	return `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'").replaceAll('\\"', '"')}'`;
}
