/** What is said where somebody gave a bundle more than it has by itself. */
export const sayTrust = 'states and platforms of the bundle run as a superuser (trust-bundle)';
