import {createSSRApp} from 'vue';
import Shop from './Shop.vue';

createSSRApp(Shop).mount('#shop');
