/** The simulator in a process of its own, as Meta is somewhere else. */
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { answerQuestions } from '../support/helper.ts';

let simulator: Simulator | undefined;

const calls = {
  async start(options: SimulatorOptions): Promise<string> {
    simulator = await createSimulator(options);
    return simulator.start();
  },
  async close(): Promise<void> {
    await simulator?.stop();
  },
};

export type SimulatorCalls = typeof calls;

answerQuestions(calls);
