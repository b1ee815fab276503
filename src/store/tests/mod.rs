mod damage;
mod lines;
mod lists;
mod migration;
mod records;
mod room;
mod tasks;
mod tenants;
