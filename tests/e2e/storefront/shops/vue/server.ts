import {createSSRApp} from 'vue';
import {renderToString} from 'vue/server-renderer';
import Shop from './Shop.vue';

console.log(await renderToString(createSSRApp(Shop)));
