mod damage;
mod lines;
mod migration;
mod records;
mod room;
mod tenants;
