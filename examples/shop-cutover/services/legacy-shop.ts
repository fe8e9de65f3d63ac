import { serveShop } from './serve-shop.ts';

serveShop('legacy-shop');
