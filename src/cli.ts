#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { CliOptions } from './cli-options.ts';
/** `whittle`: argv → one of TensorFlow's tools, a script, or the shell. The one file that ends the process. */
import { messageOf } from './graph/error.ts';
import { packageFile } from './graph/package-file.ts';
import { FAILED, processStreams, type ToolStreams } from './tools/streams.ts';

type Tool = (args: readonly string[], streams: ToolStreams) => number | Promise<number>;

/** Loaded one by one: a tool neither waits for the shell nor for another tool. */
const tools: Readonly<Record<string, () => Promise<Tool>>> = {
	summarize_graph: async () => (await import('./tools/summarize-graph.ts')).summarizeGraph,
	transform_graph: async () => (await import('./tools/transform-graph.ts')).transformGraph,
	benchmark_model: async () => (await import('./tools/benchmark-model.ts')).benchmarkModel,
	compare_graphs: async () => (await import('./tools/compare-graphs.ts')).compareGraphFiles,
};

async function main(args: readonly string[]): Promise<number> {
	const name = args[0] ?? '';
	if (Object.hasOwn(tools, name)) return runTool(await tools[name]!(), args.slice(1));
	const { helpText, parseCommandLine, UsageError } = await import('./cli-options.ts');
	let options: CliOptions;
	try {
		options = parseCommandLine(args);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		process.stderr.write(`whittle: ${error.message}\nwhittle --help tells what there is.\n`);
		return 2;
	}
	if (options.help) return print(helpText);
	if (options.version) return print(`whittle ${version()}\n`);
	if (!options.color) process.env.NO_COLOR = '1';
	const lines = options.script !== undefined || options.lines !== undefined;
	if (lines || options.json || !process.stdin.isTTY || !process.stdout.isTTY) {
		return (await import('./batch.ts')).runBatch(options);
	}
	return (await import('./shell/index.tsx')).startShell(options);
}

async function runTool(tool: Tool, args: readonly string[]): Promise<number> {
	try {
		return await tool(args, processStreams);
	} catch (error) {
		// A fault of ours, or a graph that cannot be read after all: the tools have one code for it.
		processStreams.log(messageOf(error));
		return FAILED;
	}
}

function print(text: string): number {
	process.stdout.write(text);
	return 0;
}

function version(): string {
	const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
	return version;
}

// A reader such as `head` may leave before the end: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
	process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));
