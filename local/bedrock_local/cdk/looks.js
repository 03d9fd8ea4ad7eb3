// A plug-in of the CDK CLI, which asks CloudFormation every five seconds how far a stack is: here, on this machine, it
// may ask four times a second. No option of it says how often.
// https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cli-plugin-contract/README.md
const [USUAL, HERE] = [5000, 250];

module.exports = {
  version: '1',
  init() {
    const wait = globalThis.setTimeout;
    const wait_here = (then, milliseconds, ...rest) => wait(then, milliseconds === USUAL ? HERE : milliseconds, ...rest);
    globalThis.setTimeout = Object.assign(wait_here, wait);
  },
};
