--! Title: An owner writes an invoice, which members read and nobody else does

--! Step: ann writes an invoice
--! As: ann
--! Expect: rows 1
insert into public.invoices (id, organisation_id, number, amount)
values (900001, '00000000-0000-4000-8000-00000000e001', 'S-1', 1234.50) returning id;

--! Step: ben reads its amount
--! As: ben
--! Expect: value 1234.50
select amount from public.invoices where id = 900001;

--! Step: ben does not change it
--! As: ben
--! Expect: refused
update public.invoices set amount = 0 where id = 900001;

--! Step: carol does not see it
--! As: carol
--! Expect: refused
select amount from public.invoices where id = 900001;

--! Step: nor does a request without a user
--! As: nobody
--! Expect: refused
select amount from public.invoices where id = 900001;

--! Step: ann corrects it
--! As: ann
--! Expect: affected 1
update public.invoices set amount = 1200 where id = 900001;

--! Step: ann does not give it to an organisation of somebody else
--! As: ann
--! Expect: refused
update public.invoices set organisation_id = '00000000-0000-4000-8000-00000000e002' where id = 900001;

--! Step: and nobody takes it out of the books
--! As: ann
--! Expect: refused
delete from public.invoices where id = 900001;
