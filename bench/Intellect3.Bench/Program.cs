Console.WriteLine("intellect3");
