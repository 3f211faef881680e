export function providerUrl(provider) {
  return `/resource_providers/${provider.uuid}`;
}
