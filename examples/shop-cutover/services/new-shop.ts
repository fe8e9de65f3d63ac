import { priceGroupOf } from './price-group.ts';
import { serveShop } from './serve-shop.ts';

serveShop('new-shop', priceGroupOf);
