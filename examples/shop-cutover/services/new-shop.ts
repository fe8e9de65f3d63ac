import { serveShop } from './serve-shop.ts';

serveShop('new-shop');
