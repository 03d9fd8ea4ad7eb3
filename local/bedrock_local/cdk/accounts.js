// A plug-in of the CDK CLI: in the local AWS the root user of each account has the same secret.
// https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cli-plugin-contract/README.md
module.exports = {
  version: '1',
  init(host) {
    host.registerCredentialProviderSource({
      name: 'accounts of the local AWS',
      isAvailable: async () => true,
      canProvideCredentials: async (account) => /^\d{12}$/.test(account),
      getProvider: async (account) => ({
        accessKeyId: account,
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      }),
    });
  },
};
