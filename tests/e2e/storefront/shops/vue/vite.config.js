import vue from '@vitejs/plugin-vue';

export default {
  plugins: [vue({template: {compilerOptions: {isCustomElement: (name) => name === 'policy-review'}}})],
  ssr: {noExternal: ['inforce-client']},
};
